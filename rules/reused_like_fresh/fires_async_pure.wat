;; An async export with a callback that returns its answer at once and ends. Reusable.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (func (export "double") (param i32) (result i32)
      (call $return (i32.mul (local.get 0) (i32.const 2)))
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "double") async (param "value" u32) (result u32)
    (canon lift (core func $main "double") async (callback (core func $main "callback")))))
;;= double: reusable_observed 8
