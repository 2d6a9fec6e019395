;; Answers, and waits, with a flag set. A call that begins meanwhile traps. A call that comes later finds the flag cleared.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $busy (mut i32) (i32.const 0))
    (func (export "work") (if (global.get $busy) (then unreachable)) (global.set $busy (i32.const 1)) (call $return (i32.const 3)) (call $pause) (global.set $busy (i32.const 0))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "work") async (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `work` on one instance trap (unreachable)
;;=   because `busy`: 0 on a fresh instance, 1 when B begins; with it put back then, B does what it does alone
