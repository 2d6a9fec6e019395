;; A reactor in C for wasm32-wasip2, no adapter: its own `run` does its work and ends in `exit(0)`. `exit` flushes and
;; calls the imported wasi:cli/exit.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi:cli/exit@0.2.6" "exit" (func $__wasm_import_exit_exit (param i32)))
    (memory (export "memory") 1)
    (func $__stdio_exit)
    (func $_Exit (param i32)
      local.get 0
      i32.const 0
      i32.ne
      call $__wasm_import_exit_exit
      unreachable)
    (func $exit (param i32)
      call $__stdio_exit
      local.get 0
      call $_Exit
      unreachable)
    (func $exports_wasi_cli_run_run (export "wasi:cli/run@0.2.6#run") (result i32)
      i32.const 1024
      i32.const 42
      i32.store
      i32.const 0
      call $exit
      unreachable))

  (core func $exit (canon lower (func $wasi:cli/exit "exit")))
  (core instance $main (instantiate $main
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $main "wasi:cli/run@0.2.6#run")))
  (instance $wasi:cli/run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run)))
;;= error[exits_after_success] core module 0 `main` > func 3 `exit` (0xc0): `wasi:cli/run@0.2.6#run` always leaves through `wasi:cli/exit`: its instance cannot be called again
