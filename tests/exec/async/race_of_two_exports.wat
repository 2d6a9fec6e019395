;; One export sets a flag while it waits, which another one answers. Two calls of either one do not disturb each other.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $in-a (mut i32) (i32.const 0))
    (func (export "a") (global.set $in-a (i32.const 1)) (call $pause) (global.set $in-a (i32.const 0)) (call $return (i32.const 7)))
    (func (export "b") (call $pause) (call $return (global.get $in-a))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "a") async (result u32) (canon lift (core func $main "a") async))
  (func (export "b") async (result u32) (canon lift (core func $main "b") async)))
;;= a: reusable_observed 8
;;= b: reusable_observed 8
;;= note[overlapping_calls_differ] concurrent calls of `a` and `b` on one instance answer `7` and `1`; in sequence they answer `7` and `0`
;;=   because `in-a`: 0 on a fresh instance, 1 when B begins; with it put back then, B does what it does alone
