;; The code is in a nested component.
(component
  (component $c
    (core module $m
      (memory (export "memory") 1)
      
      (func (export "f") (result i32) (i32.const 1)))
    (core instance $m (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $c (instantiate $c))
  (export "f" (func $c "f")))
