;; A core instance behind the first lift.
(component
  (core module $m (memory 1) (func (export "f") (result i32) (i32.const 1)))
  (core instance $a (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $a "f")))
  (core instance $b (instantiate $m))
  (func (export "g") (result u32) (canon lift (core func $b "f"))))
