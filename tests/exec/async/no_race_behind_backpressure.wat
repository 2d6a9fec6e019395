;; Keeps its argument in a global across two waits. Backpressure is raised until it has answered, so no other call begins.
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
    (func (export "work") (param i32) (call $inc) (global.set $x (local.get 0)) (call $pause) (call $pause) (call $return (global.get $x)) (call $dec)))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause)) (export "inc" (func $inc)) (export "dec" (func $dec))))))
  (func (export "work") async (param "x" u32) (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
