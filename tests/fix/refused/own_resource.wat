;; A resource of the component's own.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "f") (result i32) (i32.const 1)))
  (core instance $m (instantiate $m))
  (type $session' (resource (rep i32)))
  (export $session "session" (type $session'))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
