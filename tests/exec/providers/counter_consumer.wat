;; State of a plugged-in component is state of the composition: the second answer differs.
;;$ --with shop:cart/stock=counter.wat
(component
  (import "shop:cart/stock@1.0.0" (instance $stock
    (export "left" (func (param "id" u32) (result u32)))))
  (core func $left (canon lower (func $stock "left")))
  (core module $main
    (import "stock" "left" (func $left (param i32) (result i32)))
    (func (export "order") (param i32) (result i32)
      (call $left (local.get 0))))
  (core instance $main (instantiate $main
    (with "stock" (instance (export "left" (func $left))))))
  (func $order (param "id" u32) (result u32) (canon lift (core func $main "order")))
  (export "order" (func $order)))
;;= order: stateful
;;= warning[answers_change] call 2 of `order` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because global 0 of a plugged-in component: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
