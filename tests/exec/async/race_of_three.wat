;; Two places for calls under way. The third call at the same time finds none and traps; two calls never do.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $inside (mut i32) (i32.const 0))
    (func (export "work")
      (if (i32.eq (global.get $inside) (i32.const 2)) (then unreachable))
      (global.set $inside (i32.add (global.get $inside) (i32.const 1)))
      (call $pause)
      (global.set $inside (i32.sub (global.get $inside) (i32.const 1)))
      (call $return (i32.const 7))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "work") async (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
;;= note[overlapping_calls_differ] three concurrent calls of `work` on one instance trap (unreachable)
;;=   because `inside`: 0 on a fresh instance, 2 when C begins; with it put back then, C does what it does alone
