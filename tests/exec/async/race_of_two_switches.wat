;; Each call looks at a phase, pauses, looks again, sets the phase, pauses, and clears it. It answers 1 if the phase was
;; set between its looks: the other call goes on after this one began, and this one goes on before the other one ends.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $phase (mut i32) (i32.const 0))
    (func (export "work") (local $before i32) (local $seen i32)
      (local.set $before (global.get $phase))
      (call $pause)
      (local.set $seen (i32.gt_u (global.get $phase) (local.get $before)))
      (global.set $phase (i32.const 1))
      (call $pause)
      (global.set $phase (i32.const 0))
      (call $return (local.get $seen))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "work") async (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `work` on one instance answer `1` and `0`; in sequence they answer `0` and `0`
;;=   because `phase`: 0 when A begins to wait for `pause`, 1 when A goes on; with it put back then, A does what it does alone
