;; The first call computes a value and stores it; later calls read it. State is written and read, yet every answer is
;; that of a fresh instance. Reusable.
(component
  (core module $main
    (global $ready (mut i32) (i32.const 0))
    (global $value (mut i32) (i32.const 0))
    (func (export "seven-squared") (result i32)
      (if (i32.eqz (global.get $ready))
        (then
          (global.set $value (i32.mul (i32.const 7) (i32.const 7)))
          (global.set $ready (i32.const 1))))
      (global.get $value)))
  (core instance $main (instantiate $main))
  (func (export "seven-squared") (result u32) (canon lift (core func $main "seven-squared"))))
;;= seven-squared: reusable_observed 8
