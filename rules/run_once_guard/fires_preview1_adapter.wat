;; A minimal wasip1 command in its adapter: main, adapter, shim with a table, fixup that fills it.
(component
  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $__wasi_proc_exit (param i32)))
    (memory (export "memory") 2)
    (func $__wasm_call_ctors)
    (func $__main_void (result i32) (i32.load (i32.const 1044)))
    (func $__wasm_call_dtors)
    (func $_start (export "_start") (local $status i32)
      block
        block
          i32.const 0
          i32.load offset=1040
          br_if 0
          i32.const 0
          i32.const 1
          i32.store offset=1040
          call $__wasm_call_ctors
          call $__main_void
          local.set $status
          call $__wasm_call_dtors
          local.get $status
          br_if 1
          return
        end
        unreachable
      end
      local.get $status
      call $__wasi_proc_exit
      unreachable))
  (core module $wit-component:adapter:wasi_snapshot_preview1
    (import "env" "memory" (memory 0))
    (import "__main_module__" "_start" (func $_start))
    (global $__stack_pointer (mut i32) (i32.const 0))
    (global $internal_state_ptr (mut i32) (i32.const 0))
    (global $allocation_state (mut i32) (i32.const 0))
    (func (export "proc_exit") (param $status i32)
      unreachable)
    (func (export "wasi:cli/run@0.2.12#run") (result i32)
      call $_start
      i32.const 0))
  (core module $wit-component-shim-module
    (type $proc_exit (func (param i32)))
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (type $proc_exit)
      local.get 0
      i32.const 0
      call_indirect (type $proc_exit)))
  (core module $wit-component-fixup
    (import "" "0" (func $proc_exit (param i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func $proc_exit))
  (core instance $shim (instantiate $wit-component-shim-module))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance (export "proc_exit" (func $shim "0"))))))
  (core instance $adapter (instantiate $wit-component:adapter:wasi_snapshot_preview1
    (with "env" (instance (export "memory" (memory $main "memory"))))
    (with "__main_module__" (instance $main))))
  (core instance $fixup (instantiate $wit-component-fixup
    (with "" (instance
      (export "0" (func $adapter "proc_exit"))
      (export "$imports" (table $shim "$imports"))))))
  (func $run (result (result)) (canon lift (core func $adapter "wasi:cli/run@0.2.12#run")))
  (component $run-shim
    (import "import-func-run" (func $run (result (result))))
    (export "run" (func $run)))
  (instance $run (instantiate $run-shim (with "import-func-run" (func $run))))
  (export "wasi:cli/run@0.2.12" (instance $run)))
;;= error[run_once_guard] core module 0 `main` > func 4 `_start` (0xa0): `wasi:cli/run@0.2.12#run` traps when called again in the same instance
