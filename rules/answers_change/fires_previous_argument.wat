;; Returns the argument of the previous call, or 0. Stateful: one caller sees another's data.
(component
  (core module $main
    (global $last (mut i32) (i32.const 0))
    (func (export "swap") (param i32) (result i32)
      (global.get $last)
      (global.set $last (local.get 0))))
  (core instance $main (instantiate $main))
  (func (export "swap") (param "value" u32) (result u32) (canon lift (core func $main "swap"))))
;;= swap: stateful
;;= warning[answers_change] call 2 of `swap` on the same instance answers `1`, where a fresh instance answers `0`
;;=   because `last`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
