;; A wasip2 command without an adapter: crt1's `_start` carries the name of `wasi:cli/run` itself.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__wasm_call_ctors)
    (func $__main_void (result i32) (i32.load (i32.const 1044)))
    (func $__wasm_call_dtors)
    (func $_start (export "wasi:cli/run@0.2.0#run") (result i32) (local $status i32)
      block
        i32.const 0
        i32.load offset=1040
        i32.eqz
        br_if 0
        unreachable
      end
      i32.const 0
      i32.const 1
      i32.store offset=1040
      call $__wasm_call_ctors
      call $__main_void
      local.set $status
      call $__wasm_call_dtors
      local.get $status
      i32.const 0
      i32.ne))
  (core instance $main (instantiate $main))
  (func $run (result (result)) (canon lift (core func $main "wasi:cli/run@0.2.0#run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
;;= error[run_once_guard] core module 0 `main` > func 3 `_start` (0x6f): `wasi:cli/run@0.2.0#run` traps when called again in the same instance
