;; Each call raises backpressure, yields, lowers it again and returns the number of calls that are under way. Two
;; concurrent calls run in sequence: always 1. Reusable.
(component
  (core func $return (canon task.return (result u32)))
  (core func $inc (canon backpressure.inc))
  (core func $dec (canon backpressure.dec))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "inc" (func $inc))
    (import "" "dec" (func $dec))
    (global $inside (mut i32) (i32.const 0))
    (func (export "inside") (result i32)
      (call $inc)
      (global.set $inside (i32.add (global.get $inside) (i32.const 1)))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $return (global.get $inside))
      (global.set $inside (i32.sub (global.get $inside) (i32.const 1)))
      (call $dec)
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main
    (with "" (instance
      (export "return" (func $return))
      (export "inc" (func $inc))
      (export "dec" (func $dec))))))
  (func (export "inside") async (result u32)
    (canon lift (core func $main "inside") async (callback (core func $main "callback")))))
;;= inside: reusable_observed 8
