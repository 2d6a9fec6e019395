;; Returns the number of the call: 1, 2, 3. Stateful.
(component
  (core module $main
    (global $calls (mut i32) (i32.const 0))
    (func (export "count") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (global.get $calls)))
  (core instance $main (instantiate $main))
  (func (export "count") (result u32) (canon lift (core func $main "count"))))
;;= count: stateful
;;= warning[answers_change] call 2 of `count` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because `calls`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
