;; `use` traps (unreachable) once `close` was called. Each alone may be called forever.
(component
  (core module $main
    (global $closed (mut i32) (i32.const 0))
    (func (export "close")
      (global.set $closed (i32.const 1)))
    (func (export "use") (result i32)
      (if (global.get $closed) (then unreachable))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "close") (canon lift (core func $main "close")))
  (func (export "use") (result u32) (canon lift (core func $main "use"))))
;;= close: reusable_observed 8
;;= use: breaks_after 2
;;= error[later_call_fails] call 1 of `use` on the same instance traps (unreachable) after a call of `close`, where a fresh instance returns
;;=   because `closed`: 0 before the call of `close`, 1 after; with it put back, call 1 returns as without that call
