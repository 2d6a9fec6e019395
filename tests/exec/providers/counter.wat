;; A provider with its own memory: each answer is one more than the last.
(component
  (core module $main
    (global $count (mut i32) (i32.const 0))
    (func (export "left") (param i32) (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      global.get $count))
  (core instance $main (instantiate $main))
  (func $left (param "id" u32) (result u32) (canon lift (core func $main "left")))
  (instance $stock (export "left" (func $left)))
  (export "shop:cart/stock@1.0.0" (instance $stock)))
;;= shop:cart/stock@1.0.0#left: stateful
;;= warning[answers_change] call 2 of `shop:cart/stock@1.0.0#left` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because `count`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
