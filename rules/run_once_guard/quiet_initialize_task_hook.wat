;; The same in wasip3: the start function runs `_initialize` between two task hooks, as it is done for each export.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "__wasm_task_hook") (param $event i32)
      (i32.store (i32.const 1056) (local.get $event)))
    (func $_initialize (export "_initialize")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "answer") (result i32) (i32.const 42)))
  (core module $wit-component-fixup
    (import "main" "__wasm_task_hook" (func $__wasm_task_hook (param i32)))
    (import "main" "_initialize" (func $_initialize))
    (import "main" "answer" (func $answer (result i32)))
    (func $hook-answer (export "hook0") (result i32)
      i32.const 0
      call $__wasm_task_hook
      call $answer
      i32.const 1
      call $__wasm_task_hook)
    (func $start
      i32.const 6
      call $__wasm_task_hook
      call $_initialize
      i32.const 7
      call $__wasm_task_hook)
    (start $start))
  (core instance $main (instantiate $main))
  (core instance $fixup (instantiate $wit-component-fixup (with "main" (instance $main))))
  (func (export "answer") (result u32) (canon lift (core func $fixup "hook0"))))
