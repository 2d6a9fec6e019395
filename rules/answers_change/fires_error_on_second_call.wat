;; The first call returns ok, every later one returns err. Nothing traps. Stateful.
(component
  (core module $main
    (global $called (mut i32) (i32.const 0))
    (func (export "once") (result i32)
      (global.get $called)
      (global.set $called (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "once") (result (result)) (canon lift (core func $main "once"))))
;;= once: stateful
;;= warning[answers_change] call 2 of `once` on the same instance answers `err`, where a fresh instance answers `ok`
;;=   because `called`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
