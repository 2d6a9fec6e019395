;; The task returns its answer and then yields forever. Calls continue to return, and each leaves a busy task behind. A
;; host that waits until all tasks have ended waits forever.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (func (export "work") (result i32)
      (call $return (i32.const 42))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (i32.const 1))) ;; yield
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: reusable_observed 8
;;= warning[handles_grow] calls of `work` leak tasks, waitable sets or streams, 3 per call: 6024 after 2008 calls
