;; `ause` needs `init`, and `once` fails after it: `init` is the cause, not `ause`.
(component
  (core module $m
    (global $n (mut i32) (i32.const 0))
    (func (export "once") (result i32) (if (global.get $n) (then unreachable)) (i32.const 1))
    (func (export "ause") (result i32) (if (i32.eqz (global.get $n)) (then unreachable)) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 1))))
  (core instance $i (instantiate $m))
  (func (export "ause") (result u32) (canon lift (core func $i "ause")))
  (func (export "once") (result u32) (canon lift (core func $i "once")))
  (func (export "init") (canon lift (core func $i "init"))))
;;= ause: reusable_observed 8
;;= once: breaks_after 2
;;= init: reusable_observed 8
;;= error[later_call_fails] call 2 of `once` on the same instance traps (unreachable) after a call of `init`, where a fresh instance returns
;;=   because `n`: 0 before the call of `init`, 1 after; with it put back, call 2 returns as without that call
