;; An async export without a callback that returns at once. Reusable.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (func (export "double") (param i32)
      (call $return (i32.mul (local.get 0) (i32.const 2)))))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "double") async (param "value" u32) (result u32)
    (canon lift (core func $main "double") async)))
;;= double: reusable_observed 8
