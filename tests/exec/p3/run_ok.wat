;; A command of WASI 0.3 that only returns `ok`. Reusable, and two concurrent calls do not disturb each other.
(component
  (core func $return (canon task.return (result (result))))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (func (export "run") (result i32)
      (call $return (i32.const 0)) ;; ok
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func $run async (result (result))
    (canon lift (core func $main "run") async (callback (core func $main "callback"))))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $command)))
;;= wasi:cli/run@0.3.0#run: reusable_observed 8
