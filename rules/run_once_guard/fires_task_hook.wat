;; The lifted function is a wrapper in the fixup module:
;; it calls `__wasm_task_hook` before and after the guarded function.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "__wasm_task_hook") (param $event i32)
      (i32.store (i32.const 1056) (local.get $event)))
    (func $_start (export "run") (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.const 0)))
  (core module $wit-component-fixup
    (import "main" "__wasm_task_hook" (func $__wasm_task_hook (param i32)))
    (import "main" "run" (func $run (result i32)))
    (func $hook-run (export "hook0") (result i32)
      i32.const 0
      call $__wasm_task_hook
      call $run
      i32.const 1
      call $__wasm_task_hook))
  (core instance $main (instantiate $main))
  (core instance $fixup (instantiate $wit-component-fixup (with "main" (instance $main))))
  (func (export "run") (result (result)) (canon lift (core func $fixup "hook0"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x65): `run` traps when called again in the same instance
