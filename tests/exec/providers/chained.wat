;; A provider that needs another one.
(component
  (import "shop:cart/stock@1.0.0" (instance $stock
    (export "left" (func (param "id" u32) (result u32)))))
  (core func $left (canon lower (func $stock "left")))
  (core module $main
    (import "stock" "left" (func $left (param i32) (result i32)))
    (func (export "price") (param i32) (result i32)
      (i32.mul (call $left (local.get 0)) (i32.const 10))))
  (core instance $main (instantiate $main
    (with "stock" (instance (export "left" (func $left))))))
  (func $price (param "id" u32) (result u32) (canon lift (core func $main "price")))
  (export "price" (func $price)))
;;= price: reusable_observed 8
