;; A provider of a resource, in a newer version than imported, with a record and a function that are not imported. It
;; imports a function that has no provider.
(component
  (import "log" (func $log (param "line" u32)))
  (core func $log (canon lower (func $log)))
  (core module $main
    (import "" "log" (func $log (param i32)))
    (func (export "weight") (param i32) (result i32)
      (call $log (local.get 0))
      local.get 0)
    (func (export "label") (param i32) (result i32)
      local.get 0))
  (core instance $main (instantiate $main (with "" (instance (export "log" (func $log))))))
  (type $basket (resource (rep i32)))
  (core func $new (canon resource.new $basket))
  (component $baskets
    (import "basket" (type $basket (sub resource)))
    (type $size' (record (field "width" u32)))
    (import "size" (type $size (eq $size')))
    (import "new" (func $new (param "size" $size) (result (own $basket))))
    (import "weight" (func $weight (param "self" (borrow $basket)) (result u32)))
    (export $basket' "basket" (type $basket))
    (export $size'' "size" (type $size))
    (export "[constructor]basket" (func $new)
      (func (param "size" $size'') (result (own $basket'))))
    (export "[method]basket.weight" (func $weight)
      (func (param "self" (borrow $basket')) (result u32)))
    (export "[method]basket.height" (func $weight)
      (func (param "self" (borrow $basket')) (result u32))))
  (type $size (record (field "width" u32)))
  (func $new (param "size" $size) (result (own $basket)) (canon lift (core func $new)))
  (func $weight (param "self" (borrow $basket)) (result u32)
    (canon lift (core func $main "weight")))
  (instance $it (instantiate $baskets
    (with "basket" (type $basket))
    (with "size" (type $size))
    (with "new" (func $new))
    (with "weight" (func $weight))))
  (export "shop:cart/baskets@1.0.3" (instance $it)))
;;= shop:cart/baskets@1.0.3#[constructor]basket: reusable_observed 8
;;= shop:cart/baskets@1.0.3#[method]basket.weight: reusable_observed 8
;;= shop:cart/baskets@1.0.3#[method]basket.height: reusable_observed 8
