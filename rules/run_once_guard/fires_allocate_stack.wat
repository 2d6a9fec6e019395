;; Before the guard, the adapter's `run` allocates a stack: once, and without a trap.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (i32.shl (memory.grow (i32.const 1)) (i32.const 16)))
    (func $_start (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core module $adapter
    (import "__main_module__" "_start" (func $_start))
    (import "__main_module__" "cabi_realloc"
      (func $cabi_realloc (param i32 i32 i32 i32) (result i32)))
    (global $__stack_pointer (mut i32) (i32.const 0))
    (global $internal_state_ptr (mut i32) (i32.const 0))
    (global $allocation_state (mut i32) (i32.const 0))
    (func $allocate_stack
      global.get $allocation_state
      i32.const 0
      i32.eq
      if
        i32.const 1
        global.set $allocation_state
        i32.const 0
        i32.const 0
        i32.const 8
        i32.const 65536
        call $cabi_realloc
        i32.const 65536
        i32.add
        global.set $__stack_pointer
        i32.const 2
        global.set $allocation_state
      end)
    (func (export "wasi:cli/run@0.2.6#run") (result i32)
      call $allocate_stack
      call $_start
      i32.const 0))
  (core instance $main (instantiate $main))
  (core instance $adapter (instantiate $adapter (with "__main_module__" (instance $main))))
  (func $run (result (result)) (canon lift (core func $adapter "wasi:cli/run@0.2.6#run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $run)))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x65): `wasi:cli/run@0.2.6#run` traps when called again in the same instance
