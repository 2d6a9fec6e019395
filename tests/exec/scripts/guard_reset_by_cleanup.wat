;; `cleanup` resets the guard of `tick`, so the certain finding is refuted; `poison` makes `tick` trap
;; nevertheless.
(component
  (core module $m
    (global $n (mut i32) (i32.const 0))
    (global $p (mut i32) (i32.const 0))
    (func (export "tick") (result i32)
      (if (global.get $n) (then unreachable))
      (global.set $n (i32.const 1))
      (if (global.get $p) (then unreachable))
      (i32.const 1))
    (func (export "poison") (global.set $p (i32.const 1)))
    (func (export "cleanup") (global.set $n (i32.const 0))))
  (core instance $i (instantiate $m))
  (func (export "tick") (result u32) (canon lift (core func $i "tick")))
  (func (export "poison") (canon lift (core func $i "poison")))
  (func (export "cleanup") (canon lift (core func $i "cleanup"))))
;;= tick: breaks_after 2
;;= poison: reusable_observed 8
;;= cleanup: reusable_observed 8
;;= error[later_call_fails] call 2 of `tick` on the same instance traps (unreachable) after a call of `poison`, where a fresh instance returns
;;=   because `p`: 0 before the call of `poison`, 1 after; with it put back, call 2 returns as without that call
