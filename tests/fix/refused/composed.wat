;; Code in a component, and in one nested in it.
(component
  (component $c
    (core module $m
      (memory (export "memory") 1)
      (func (export "f") (result i32) (i32.const 1)))
    (core instance $m (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $c (instantiate $c))
  (core module $m (memory 1) (func (export "g") (result i32) (i32.const 1)))
  (core instance $m (instantiate $m))
  (func (export "g") (result u32) (canon lift (core func $m "g")))
  (export "f" (func $c "f")))
