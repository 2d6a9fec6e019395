;; A `br_if` on `eqz` jumps over the trap.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__wasm_call_ctors)
    (func $_start (export "_start")
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
      call $__wasm_call_ctors))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x4a): `run` traps when called again in the same instance
