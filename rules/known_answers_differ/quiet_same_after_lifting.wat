;; The core values differ in bits that a `u8` does not have.
(component
  (core module $m
    (global $count (mut i32) (i32.const 7))
    (func (export "low") (result i32)
      (global.get $count)
      (global.set $count (i32.add (global.get $count) (i32.const 256)))))
  (core instance $i (instantiate $m))
  (func (export "low") (result u8) (canon lift (core func $i "low"))))
