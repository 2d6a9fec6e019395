;; Raises backpressure for its first wait, and lowers it before the second one, across which it keeps its argument in a
;; global.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core func $inc (canon backpressure.inc))
  (core func $dec (canon backpressure.dec))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (import "" "inc" (func $inc))
    (import "" "dec" (func $dec))
    (global $x (mut i32) (i32.const 0))
    (func (export "work") (param i32) (call $inc) (call $pause) (global.set $x (local.get 0)) (call $dec) (call $pause) (call $return (global.get $x))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause)) (export "inc" (func $inc)) (export "dec" (func $dec))))))
  (func (export "work") async (param "x" u32) (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `work` on one instance answer `163525344` and `163525344`; in sequence they answer `1` and `163525344`
;;=   because unknown (unreadable): the instance accepts no call that reads its state
