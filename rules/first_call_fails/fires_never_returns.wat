;; The task ends without calling task.return: async-lifted export failed to produce a result, in each call, on any
;; instance. The first call fails.
(component
  (core module $main
    (func (export "work") (result i32)
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (async-lifted export failed to produce a result) on a fresh instance
