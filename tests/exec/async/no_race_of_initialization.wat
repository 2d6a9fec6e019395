;; The first call waits for a value and keeps it. Two at once compute the same value.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $cached (mut i32) (i32.const 0))
    (func (export "work") (if (i32.eqz (global.get $cached)) (then (call $pause) (global.set $cached (i32.const 42))))
      (call $return (global.get $cached))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "work") async (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
