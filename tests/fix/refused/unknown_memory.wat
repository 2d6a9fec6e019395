;; A memory of a core module from outside.
(component
  (import "m" (core module $m (export "memory" (memory 1))))
  (core module $n
    (import "m" "memory" (memory 1))
    (func (export "f") (result i32) (memory.grow (i32.const 1))))
  (core instance $m (instantiate $m))
  (core instance $n (instantiate $n (with "m" (instance $m))))
  (func (export "f") (result u32) (canon lift (core func $n "f"))))
