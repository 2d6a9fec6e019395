;; `set` stores a value, `get` returns it. Each alone behaves as on a fresh instance; only the sequence `get`, `set`,
;; `get` shows the state. `get` is stateful.
(component
  (core module $main
    (global $value (mut i32) (i32.const 0))
    (func (export "set") (param i32)
      (global.set $value (i32.add (local.get 0) (i32.const 1000))))
    (func (export "get") (result i32)
      (global.get $value)))
  (core instance $main (instantiate $main))
  (func (export "set") (param "value" u32) (canon lift (core func $main "set")))
  (func (export "get") (result u32) (canon lift (core func $main "get"))))
;;= set: reusable_observed 8
;;= get: stateful
;;= warning[answers_change] call 2 of `get` answers `1001` after a call of `set`, and answers `0` without it
;;=   because `value`: 0 before the call of `set`, 1001 after; with it put back, call 2 answers as without that call
