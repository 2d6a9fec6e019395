;; A command that traps if it gets no arguments, and that is guarded against a second call. The guard is proven, and no
;; first call succeeds: nothing says that it works once.
(component
  (import "wasi:cli/environment@0.2.6" (instance $environment
    (export "get-arguments" (func (result (list string))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "arguments" (func $arguments (param i32)))
    (global $begun (mut i32) (i32.const 0))
    (func $start (export "run") (result i32)
      (if (global.get $begun) (then (unreachable)))
      (global.set $begun (i32.const 1))
      (call $arguments (i32.const 16))
      (if (i32.eqz (i32.load (i32.const 20))) (then (unreachable)))
      (i32.const 0)))
  (core instance $main (instantiate $main (with "" (instance
    (export "memory" (memory $memory "memory"))
    (export "arguments" (func $arguments))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $run)))
;;= wasi:cli/run@0.2.6#run: single_shot
;;= error[run_once_guard] `wasi:cli/run@0.2.6#run` traps when called again in the same instance; here, the first call failed already
;;= wasi:cli/run@0.2.6#run not seen: not-exercised: each first call traps (unreachable); it may need command-line arguments (--guest-arg)
