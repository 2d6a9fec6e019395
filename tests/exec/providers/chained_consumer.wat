;; Two providers, one of a bare function: both imports of the stock share one counter, which increases by two per call.
;;$ --with price=chained.wat --with shop:cart/stock=counter.wat
(component
  (import "price" (func $price (param "id" u32) (result u32)))
  (import "shop:cart/stock@1.0.0" (instance $stock
    (export "left" (func (param "id" u32) (result u32)))))
  (core func $left (canon lower (func $stock "left")))
  (core func $price (canon lower (func $price)))
  (core module $main
    (import "" "left" (func $left (param i32) (result i32)))
    (import "" "price" (func $price (param i32) (result i32)))
    (func (export "order") (param i32) (result i32)
      (i32.add (call $price (local.get 0)) (call $left (local.get 0)))))
  (core instance $main (instantiate $main (with "" (instance
    (export "left" (func $left))
    (export "price" (func $price))))))
  (func $order (param "id" u32) (result u32) (canon lift (core func $main "order")))
  (export "order" (func $order)))
;;= order: stateful
;;= warning[answers_change] call 2 of `order` on the same instance answers `34`, where a fresh instance answers `12`
;;=   because global 0 of a plugged-in component: 0 before call 1, 2 after; with it put back, call 2 answers as a fresh instance does
