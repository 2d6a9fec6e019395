;; A command of WASI 0.3 that returns `ok` once and traps when it is called again. Single shot.
(component
  (core func $return (canon task.return (result (result))))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (global $ran (mut i32) (i32.const 0))
    (func (export "run") (result i32)
      (if (global.get $ran) (then (unreachable)))
      (global.set $ran (i32.const 1))
      (call $return (i32.const 0)) ;; ok
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func $run async (result (result))
    (canon lift (core func $main "run") async (callback (core func $main "callback"))))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $command)))
;;= wasi:cli/run@0.3.0#run: single_shot
;;= error[run_once_guard] `wasi:cli/run@0.3.0#run` traps when called again in the same instance
;;=   because `ran`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
