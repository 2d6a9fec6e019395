;; A command that exits with status 2 if it gets no arguments: it is not exercised. That its instance cannot be called
;; again is not reported.
(component
  (import "wasi:cli/environment@0.2.6" (instance $environment
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:cli/exit@0.2.6" (instance $exit
    (export "exit-with-code" (func (param "status-code" u8)))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $exit (canon lower (func $exit "exit-with-code")))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "arguments" (func $arguments (param i32)))
    (import "" "exit" (func $exit (param i32)))
    (func (export "run") (result i32)
      (call $arguments (i32.const 16))
      (if (i32.eqz (i32.load (i32.const 20))) (then (call $exit (i32.const 2))))
      (i32.const 0)))
  (core instance $main (instantiate $main (with "" (instance
    (export "memory" (memory $memory "memory"))
    (export "arguments" (func $arguments))
    (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $run)))
;;= wasi:cli/run@0.2.6#run: unknown
;;= wasi:cli/run@0.2.6#run not seen: not-exercised: each first call exits (2); it may need command-line arguments (--guest-arg)
