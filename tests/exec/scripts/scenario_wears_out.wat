;; `take` uses one of a hundred slots, and `give` returns none: run 101 of the scenario traps.
(component
  (core module $main
    (global $left (mut i32) (i32.const 100))
    (func (export "take")
      (if (i32.eqz (global.get $left)) (then unreachable))
      (global.set $left (i32.sub (global.get $left) (i32.const 1))))
    (func (export "give")))
  (core instance $main (instantiate $main))
  (func (export "take") (canon lift (core func $main "take")))
  (func (export "give") (canon lift (core func $main "give"))))
;;= take: breaks_after 101
;;= give: stateless_proven
;;= error[wears_out] in run 101 of the scenario `scenario_wears_out.toml:1` on the same instance, `take` (step 1) traps (unreachable), after 100 runs that returned; a fresh instance returns
;;=   because `left`: 100 before the first of calls 1 to 100, 0 after; with it put back, call 101 returns as a fresh instance does
;;= give not seen: scenario: `take`, step 1 of the scenario `scenario_wears_out.toml:1`, ends with: trap (unreachable)
