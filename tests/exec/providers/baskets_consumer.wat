;; A resource and a record of a provider pass through the component's exports. The composition has the component's
;; exports, under the same names, and the provider's import is a stub.
;;$ --with shop:cart/baskets=baskets.wat
(component
  (import "shop:cart/baskets@1.0.0" (instance $baskets
    (export "basket" (type $basket (sub resource)))
    (type $size' (record (field "width" u32)))
    (export "size" (type $size (eq $size')))
    (export "[constructor]basket" (func (param "size" $size) (result (own $basket))))
    (export "[method]basket.weight" (func (param "self" (borrow $basket)) (result u32)))))
  (alias export $baskets "basket" (type $basket))
  (alias export $baskets "size" (type $size))
  (core func $new (canon lower (func $baskets "[constructor]basket")))
  (core func $weight (canon lower (func $baskets "[method]basket.weight")))
  (core func $drop (canon resource.drop $basket))
  (core module $main
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "weight" (func $weight (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "open") (param i32) (result i32)
      (call $new (local.get 0)))
    (func (export "weigh") (param i32) (result i32) (local i32)
      (local.set 1 (call $weight (local.get 0)))
      (call $drop (local.get 0))
      local.get 1)
    (func (export "sum") (param i32) (result i32) (local i32)
      (local.set 1 (call $new (local.get 0)))
      (call $weight (local.get 1))
      (call $drop (local.get 1))))
  (core instance $main (instantiate $main (with "" (instance
    (export "new" (func $new))
    (export "weight" (func $weight))
    (export "drop" (func $drop))))))
  (func $open (param "size" $size) (result (own $basket)) (canon lift (core func $main "open")))
  (func $weigh (param "basket" (borrow $basket)) (result u32) (canon lift (core func $main "weigh")))
  (func $sum (param "size" $size) (result u32) (canon lift (core func $main "sum")))
  (component $till
    (import "basket" (type $basket (sub resource)))
    (type $size' (record (field "width" u32)))
    (import "size" (type $size (eq $size')))
    (import "open" (func $open (param "size" $size) (result (own $basket))))
    (import "weigh" (func $weigh (param "basket" (borrow $basket)) (result u32)))
    (export $basket' "basket" (type $basket))
    (export $size'' "size" (type $size))
    (export "open" (func $open) (func (param "size" $size'') (result (own $basket'))))
    (export "weigh" (func $weigh) (func (param "basket" (borrow $basket')) (result u32))))
  (instance $till (instantiate $till
    (with "basket" (type $basket))
    (with "size" (type $size))
    (with "open" (func $open))
    (with "weigh" (func $weigh))))
  (export "shop:cart/till@1.0.0" (instance $till))
  (export "sum" (func $sum)))
;;= shop:cart/till@1.0.0#open: reusable_observed 8
;;= shop:cart/till@1.0.0#weigh: reusable_observed 8
;;= sum: reusable_observed 8
