;; The crt1-command.o of a current wasi-libc: the flag at 1040 makes the second call trap before anything can run
;; again. Another rule reports that trap.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)

    (func $__wasm_call_ctors
      call $__wasilibc_initialize_environ)
    (func $__wasilibc_initialize_environ
      i32.const 0
      i32.const 2048
      i32.store offset=1032)
    (func $__original_main (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0)
    (func $__main_void (result i32)
      call $__original_main)
    (func $__funcs_on_exit)
    (func $__stdio_exit)
    (func $__wasm_call_dtors
      call $__funcs_on_exit
      call $__stdio_exit)
    (func $_start (export "_start")
      (local $status i32)
      block $first
        i32.const 0
        i32.load offset=1040
        i32.eqz
        br_if $first
        unreachable
      end
      i32.const 0
      i32.const 1
      i32.store offset=1040
      call $__wasm_call_ctors
      call $__main_void
      local.set $status
      call $__wasm_call_dtors
      block $succeeded
        local.get $status
        i32.eqz
        br_if $succeeded
        local.get $status
        call $proc_exit
        unreachable
      end))

  (core module $wit-component:adapter:wasi_snapshot_preview1
    (import "env" "memory" (memory 0))
    (import "__main_module__" "_start" (func $_start))
    (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
    (func $wasi:cli/run@0.2.6#run (export "wasi:cli/run@0.2.6#run") (result i32)
      call $_start
      i32.const 0)
    (func $proc_exit (export "proc_exit") (param i32)
      local.get 0
      i32.const 0
      i32.ne
      call $exit
      unreachable))

  (core module $wit-component-shim-module
    (type $proc_exit (func (param i32)))
    (table (export "$imports") 1 1 funcref)
    (func $adapt-wasi_snapshot_preview1-proc_exit (export "0") (param i32)
      local.get 0
      i32.const 0
      call_indirect (type $proc_exit)))

  (core module $wit-component-fixup
    (import "" "0" (func $proc_exit (param i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func $proc_exit))

  (core instance $shim (instantiate $wit-component-shim-module))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance
      (export "proc_exit" (func $shim "0"))))))
  (core func $exit (canon lower (func $wasi:cli/exit "exit")))
  (core instance $adapter (instantiate $wit-component:adapter:wasi_snapshot_preview1
    (with "env" (instance (export "memory" (memory $main "memory"))))
    (with "__main_module__" (instance (export "_start" (func $main "_start"))))
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance
      (export "0" (func $adapter "proc_exit"))
      (export "$imports" (table $shim "$imports"))))))
  (func $run (result (result)) (canon lift (core func $adapter "wasi:cli/run@0.2.6#run")))
  (component $wasi:cli/run@0.2.6-shim-component
    (import "import-func-run" (func $run (result (result))))
    (export "run" (func $run)))
  (instance $wasi:cli/run (instantiate $wasi:cli/run@0.2.6-shim-component
    (with "import-func-run" (func $run))))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run)))
;;= error[run_once_guard] core module 0 `main` > func 8 `_start` (0xee): `wasi:cli/run@0.2.6#run` traps when called again in the same instance
