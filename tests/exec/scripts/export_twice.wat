;; `tick` traps at its third call: in the second run of the scenario, at the step before the observed one.
(component
  (core module $m
    (global $n (mut i32) (i32.const 0))
    (func (export "tick") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (if (i32.ge_u (global.get $n) (i32.const 3)) (then unreachable))
      (i32.const 1)))
  (core instance $i (instantiate $m))
  (func (export "tick") (result u32) (canon lift (core func $i "tick"))))
;;= tick: single_shot
;;= error[later_call_fails] in run 2 of the scenario `export_twice.toml:1` on the same instance, `tick` (step 1) traps (unreachable), where a fresh instance returns
;;=   because `n`: 0 before call 1, 2 after; with it put back, call 2 returns as a fresh instance does
