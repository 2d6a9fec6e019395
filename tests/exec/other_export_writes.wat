;; The state has no name, and only the export that is called before writes it: the cause names that function.
(component
  (core module $m
    (memory 1)
    (func $once (result i32) (if (i32.load (i32.const 2048)) (then unreachable)) (i32.const 1))
    (func $switch-off (i32.store (i32.const 2048) (i32.const 1)))
    (export "once" (func $once))
    (export "switch-off" (func $switch-off)))
  (core instance $i (instantiate $m))
  (func (export "once") (result u32) (canon lift (core func $i "once")))
  (func (export "switch-off") (canon lift (core func $i "switch-off"))))
;;= once: breaks_after 2
;;= switch-off: reusable_observed 8
;;= error[later_call_fails] call 2 of `once` on the same instance traps (unreachable) after a call of `switch-off`, where a fresh instance returns
;;=   because the memory at 0x800, which `switch-off` writes: 0 before the call of `switch-off`, 1 after; with it put back, call 2 returns as without that call
