;; Looks whether it is open, waits, and opens. A second one that looked before traps when it finds it open.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $open (mut i32) (i32.const 0))
    (func (export "open")
      (if (global.get $open) (then (call $return (i32.const 0)) (return)))
      (call $pause)
      (if (global.get $open) (then unreachable))
      (global.set $open (i32.const 1))
      (call $pause)
      (global.set $open (i32.const 0))
      (call $return (i32.const 1))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "open") async (result u32) (canon lift (core func $main "open") async)))
;;= open: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `open` on one instance trap (unreachable)
;;=   because `open`: 0 when A begins to wait for `pause`, 1 when A goes on; with it put back then, A does what it does alone
