;; A store that `init` opens and `cleanup` clears, except for the number of visitors.
(component
  (core module $main
    (global $ready (mut i32) (i32.const 0))
    (global $items (mut i32) (i32.const 0))
    (global $visitors (mut i32) (i32.const 0))
    (func (export "init") (param i32)
      (global.set $ready (i32.const 1))
      (global.set $items (local.get 0)))
    (func (export "cleanup")
      (global.set $ready (i32.const 0)))
    (func (export "take") (result i32)
      (if (i32.eqz (global.get $ready)) (then unreachable))
      (global.set $items (i32.sub (global.get $items) (i32.const 1)))
      (global.get $items))
    (func (export "visit") (result i32)
      (if (i32.eqz (global.get $ready)) (then unreachable))
      (global.set $visitors (i32.add (global.get $visitors) (i32.const 1)))
      (global.get $visitors)))
  (core instance $main (instantiate $main))
  (func (export "init") (param "items" u32) (canon lift (core func $main "init")))
  (func (export "cleanup") (canon lift (core func $main "cleanup")))
  (func (export "take") (result u32) (canon lift (core func $main "take")))
  (func (export "visit") (result u32) (canon lift (core func $main "visit"))))
;;= init: reusable_observed 8
;;= cleanup: reusable_observed 8
;;= take: reusable_observed 8
;;= visit: stateful
;;= warning[answers_change] call 2 of `visit` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because `visitors`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
