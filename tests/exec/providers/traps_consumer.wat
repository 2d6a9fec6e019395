;; The trap is in the provider and is reported as such, at the component's call that led there.
;;$ --with shop:cart/stock@1.0.0=traps.wat
(component
  (import "shop:cart/stock@1.0.0" (instance $stock
    (export "left" (func (param "id" u32) (result u32)))))
  (core func $left (canon lower (func $stock "left")))
  (core module $main
    (import "stock" "left" (func $left (param i32) (result i32)))
    (func $take_order (param i32) (result i32)
      (call $left (local.get 0)))
    (func (export "order") (param i32) (result i32)
      (call $take_order (local.get 0))))
  (core instance $main (instantiate $main
    (with "stock" (instance (export "left" (func $left))))))
  (func $order (param "id" u32) (result u32) (canon lift (core func $main "order")))
  (export "order" (func $order)))
;;= order: single_shot
;;= error[later_call_fails] call 2 of `order` on the same instance traps (unreachable in `take_from_shelf` of what is plugged in for `shop:cart/stock@1.0.0`), where a fresh instance returns
;;=   because global 0 of a plugged-in component: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
