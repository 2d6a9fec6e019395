;; A connection that can be opened once: in the second run `open` traps, and `send` is not reached.
(component
  (core module $main
    (global $opened (mut i32) (i32.const 0))
    (func (export "open")
      (if (global.get $opened) (then unreachable))
      (global.set $opened (i32.const 1)))
    (func (export "send") (param i32) (result i32)
      (if (i32.eqz (global.get $opened)) (then unreachable))
      (local.get 0)))
  (core instance $main (instantiate $main))
  (func (export "open") (canon lift (core func $main "open")))
  (func (export "send") (param "byte" u32) (result u32) (canon lift (core func $main "send"))))
;;= open: single_shot
;;= send: unknown
;;= error[run_once_guard] `open` traps when called again in the same instance
;;=   because `opened`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
;;= send not seen: scenario: `open`, step 1 of the scenario `scenario_fails_later.toml:1`, ends with: trap (unreachable)
