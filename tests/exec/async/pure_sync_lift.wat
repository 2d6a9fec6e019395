;; An export of an async type that is lifted without `async`: its answer is its return value. Reusable.
(component
  (core module $main
    (func (export "double") (param i32) (result i32)
      (i32.mul (local.get 0) (i32.const 2))))
  (core instance $main (instantiate $main))
  (func (export "double") async (param "value" u32) (result u32)
    (canon lift (core func $main "double"))))
;;= double: reusable_observed 8
