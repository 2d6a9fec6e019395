;; The first call returns, the second never ends. Reported as out of budget at call 2 of a reused instance, where a
;; fresh one returns.
(component
  (core module $main
    (global $called (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (loop $for-ever (br_if $for-ever (global.get $called)))
      (global.set $called (i32.const 1))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: single_shot
;;= error[later_call_fails] call 2 of `work` on the same instance reaches its limit of time, where a fresh instance returns
;;=   because `called`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
