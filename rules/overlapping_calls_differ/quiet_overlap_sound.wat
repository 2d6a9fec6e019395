;; Keeps its argument in the task's own context across a yield and returns it. Two concurrent calls do not disturb each
;; other. Reusable.
(component
  (core func $return (canon task.return (result u32)))
  (core func $get (canon context.get i32 0))
  (core func $set (canon context.set i32 0))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "get" (func $get (result i32)))
    (import "" "set" (func $set (param i32)))
    (func (export "echo") (param i32) (result i32)
      (call $set (local.get 0))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $return (call $get))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main
    (with "" (instance
      (export "return" (func $return))
      (export "get" (func $get))
      (export "set" (func $set))))))
  (func (export "echo") async (param "value" u32) (result u32)
    (canon lift (core func $main "echo") async (callback (core func $main "callback")))))
;;= echo: reusable_observed 8
