;; A global that holds a reference.
(component
  (core module $m
    (memory (export "memory") 1)
    (global $it (mut funcref) (ref.null func))
    (func (export "f") (result i32) (global.set $it (ref.null func)) (i32.const 1)))
  (core instance $m (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
