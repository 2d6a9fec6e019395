;; An async lift with a callback.
(component
  (core func $return (canon task.return))
  (core module $m
    (import "" "return" (func $return))
    (memory 1)
    (func (export "f") (result i32) (call $return) (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $m (instantiate $m (with "" (instance (export "return" (func $return))))))
  (func (export "f") async
    (canon lift (core func $m "f") async (callback (core func $m "callback")))))
