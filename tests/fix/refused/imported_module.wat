;; A core module from outside.
(component
  (import "m" (core module $m (export "f" (func (result i32)))))
  (core instance $m (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
