;; The threads build of crt1: one compare-exchange reads the flag and sets it.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__wasm_call_ctors)
    (func $_start (export "_start")
      block
        i32.const 0
        i32.const 0
        i32.const 1
        i32.atomic.rmw.cmpxchg offset=1040
        br_if 0
        call $__wasm_call_ctors
        return
      end
      unreachable))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x52): `run` traps when called again in the same instance
