;; The branch reversed: the work is under `if (!started)`, the trap under `else`.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__wasm_call_ctors)
    (func $_start (export "_start")
      (if (i32.eqz (i32.load (i32.const 1040)))
        (then
          (i32.store (i32.const 1040) (i32.const 1))
          (call $__wasm_call_ctors))
        (else unreachable))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x53): `run` traps when called again in the same instance
