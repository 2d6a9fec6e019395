;; Waits for all arguments but 0 and 1, which the plain calls have, and keeps its argument in a global meanwhile.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $current (mut i32) (i32.const 0))
    (func (export "echo") (param $x i32)
      (if (i32.le_u (local.get $x) (i32.const 1)) (then (call $return (local.get $x)) (return)))
      (global.set $current (local.get $x))
      (call $pause)
      (call $return (global.get $current))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "echo") async (param "x" u32) (result u32) (canon lift (core func $main "echo") async)))
;;= echo: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `echo` on one instance answer `619283370` and `619283370`; in sequence they answer `163525344` and `619283370`
;;=   because `current`: 0x9bf32e0 when A begins to wait for `pause`, 0x24e983aa when A goes on; with it put back then, A does what it does alone
