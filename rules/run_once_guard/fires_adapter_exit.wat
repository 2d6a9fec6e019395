;; The adapter with its host import: main may exit through `wasi:cli/exit`. If it returns, the guard stays
;; set.
(component
  (import "wasi:cli/exit@0.2.12" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $__wasi_proc_exit (param i32)))
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (if (i32.load (i32.const 1044))
        (then (call $__wasi_proc_exit (i32.const 1)) unreachable))))
  (core module $adapter
    (import "__main_module__" "_start" (func $_start))
    (import "wasi:cli/exit@0.2.12" "exit" (func $exit (param i32)))
    (func (export "proc_exit") (param $status i32)
      (call $exit (i32.ne (local.get $status) (i32.const 0)))
      unreachable)
    (func (export "wasi:cli/run@0.2.12#run") (result i32)
      call $_start
      i32.const 0))
  (core module $shim
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (param i32)
      (call_indirect (param i32) (local.get 0) (i32.const 0))))
  (core module $fixup
    (import "" "0" (func $proc_exit (param i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func $proc_exit))
  (core instance $shim (instantiate $shim))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance (export "proc_exit" (func $shim "0"))))))
  (core func $exit (canon lower (func $exit "exit")))
  (core instance $adapter (instantiate $adapter
    (with "__main_module__" (instance $main))
    (with "wasi:cli/exit@0.2.12" (instance (export "exit" (func $exit))))))
  (core instance (instantiate $fixup
    (with "" (instance
      (export "0" (func $adapter "proc_exit"))
      (export "$imports" (table $shim "$imports"))))))
  (func $run (result (result)) (canon lift (core func $adapter "wasi:cli/run@0.2.12#run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $run)))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0xa8): `wasi:cli/run@0.2.12#run` traps when called again in the same instance
