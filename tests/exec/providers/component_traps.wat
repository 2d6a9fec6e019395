;; The component itself traps on its second call, next to a provider: the place is in its own file.
;;$ --with shop:cart/stock=counter.wat
(component
  (import "shop:cart/stock@1.0.0" (instance $stock
    (export "left" (func (param "id" u32) (result u32)))))
  (core func $left (canon lower (func $stock "left")))
  (core module $main
    (import "stock" "left" (func $left (param i32) (result i32)))
    (func $sold_out
      unreachable)
    (func (export "order") (param i32) (result i32)
      (if (i32.gt_u (call $left (local.get 0)) (i32.const 1)) (then call $sold_out))
      i32.const 0))
  (core instance $main (instantiate $main
    (with "stock" (instance (export "left" (func $left))))))
  (func $order (param "id" u32) (result u32) (canon lift (core func $main "order")))
  (export "order" (func $order)))
;;= order: single_shot
;;= error[later_call_fails] call 2 of `order` on the same instance traps (unreachable), where a fresh instance returns
;;=   because global 0 of a plugged-in component: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
