;; An instance with code is exported as a whole.
(component
  (component $c
    (core module $m
      (memory (export "memory") 1)
      (func (export "f") (result i32) (i32.const 1)))
    (core instance $m (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $c (instantiate $c))
  (export "a:b/c" (instance $c)))
