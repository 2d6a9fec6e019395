;; A component to plug in: it sells one item, and remembers that.
(component
  (core module $main
    (global $left (mut i32) (i32.const 100))
    (func $sell (param i32) (result i32)
      (if (i32.eqz (global.get $left)) (then unreachable))
      (global.set $left (i32.sub (global.get $left) (i32.const 1)))
      global.get $left)
    (export "left" (func $sell)))
  (core instance $main (instantiate $main))
  (func $left (param "id" u32) (result u32) (canon lift (core func $main "left")))
  (instance $stock (export "left" (func $left)))
  (export "shop:cart/stock@1.1.0" (instance $stock)))
