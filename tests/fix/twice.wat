;; A module with state that is instantiated twice.
(component
  (core module $m
    (global $calls (mut i32) (i32.const 0))
    (func (export "tick") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (global.get $calls)))
  (core instance $a (instantiate $m))
  (core instance $b (instantiate $m))
  (func (export "tick") (result u32) (canon lift (core func $a "tick")))
  (func (export "tock") (result u32) (canon lift (core func $b "tick"))))
