;; The same without a provider: the import is a stub, which always returns the same.
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
;;= order: reusable_observed 8
