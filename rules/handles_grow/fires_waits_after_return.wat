;; The task returns its answer and then waits forever on an empty set. Calls continue to return, and each leaves a task
;; and a waitable set behind.
(component
  (core func $return (canon task.return (result u32)))
  (core func $new (canon waitable-set.new))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "new" (func $new (result i32)))
    (func (export "work") (result i32)
      (call $return (i32.const 42))
      (i32.or (i32.const 2) (i32.shl (call $new) (i32.const 4)))) ;; wait
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "new" (func $new))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: reusable_observed 8
;;= warning[handles_grow] calls of `work` leak tasks, waitable sets or streams, 4 per call: 8032 after 2008 calls; `work` asks for them
