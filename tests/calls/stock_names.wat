;; A component that cannot be plugged in: its function has a different type.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "left") (param i32) (result i32)
      i32.const 0))
  (core instance $main (instantiate $main))
  (func $left (param "id" u32) (result string)
    (canon lift (core func $main "left") (memory (core memory $main "memory"))))
  (instance $stock (export "left" (func $left)))
  (export "shop:cart/stock@1.0.0" (instance $stock)))
