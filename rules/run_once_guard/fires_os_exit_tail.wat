;; The guard of a wasi-libc command at -Os: the trap shares the function's tail with `proc_exit`.
(component
  (core module $wasi (func (export "proc_exit") (param i32) unreachable))
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
  (core instance $wasi (instantiate $wasi))
  (core instance $main (instantiate $main (with "wasi_snapshot_preview1" (instance $wasi))))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 1 `main` > func 4 `_start` (0xd9): `run` traps when called again in the same instance
