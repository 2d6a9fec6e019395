;; `_REENTRANT` without atomics: the exchange became load, `select`, store, and the branch comes last.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__wasm_call_ctors)
    (func $_start (export "_start") (local $old i32)
      i32.const 0
      i32.const 0
      i32.load offset=1040
      local.tee $old
      i32.const 1
      local.get $old
      select
      i32.store offset=1040
      block
        local.get $old
        br_if 0
        call $__wasm_call_ctors
        return
      end
      unreachable))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x5f): `run` traps when called again in the same instance
