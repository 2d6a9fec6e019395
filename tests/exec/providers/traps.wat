;; A provider whose second call traps, in a function with a name.
(component
  (core module $main
    (global $called (mut i32) (i32.const 0))
    (func $take_from_shelf
      (if (global.get $called) (then unreachable))
      (global.set $called (i32.const 1)))
    (func (export "left") (param i32) (result i32)
      call $take_from_shelf
      i32.const 3))
  (core instance $main (instantiate $main))
  (func $left (param "id" u32) (result u32) (canon lift (core func $main "left")))
  (instance $stock (export "left" (func $left)))
  (export "shop:cart/stock@1.0.0" (instance $stock)))
;;= shop:cart/stock@1.0.0#left: single_shot
;;= error[run_once_guard] `shop:cart/stock@1.0.0#left` traps when called again in the same instance
;;=   because `called`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
