;; A habit of the preview1 adapter: each of its exports, including the lifted run, begins with `call allocate_stack`.
;; That function allocates on the first call and does nothing afterwards.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $cabi_realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      i32.const 0)
    (func $_start (export "_start")
      i32.const 0
      i32.const 1
      i32.store offset=1024))

  (core module $wit-component:adapter:wasi_snapshot_preview1
    (import "env" "memory" (memory 0))
    (import "__main_module__" "_start" (func $_start))
    (import "__main_module__" "cabi_realloc" (func $cabi_realloc (param i32 i32 i32 i32) (result i32)))
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
    (func $stack_in_use (result i32)
      global.get $__stack_pointer)
    (func $wasi:cli/run@0.2.6#run (export "wasi:cli/run@0.2.6#run") (result i32)
      call $allocate_stack
      call $_start
      i32.const 0)
    (func $stack-in-use (export "stack-in-use") (result i32)
      call $allocate_stack
      call $stack_in_use))

  (core instance $main (instantiate $main))
  (core instance $adapter (instantiate $wit-component:adapter:wasi_snapshot_preview1
    (with "env" (instance (export "memory" (memory $main "memory"))))
    (with "__main_module__" (instance
      (export "_start" (func $main "_start"))
      (export "cabi_realloc" (func $main "cabi_realloc"))))))
  (func $run (result (result)) (canon lift (core func $adapter "wasi:cli/run@0.2.6#run")))
  (instance $wasi:cli/run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run))
  (func (export "stack-in-use") (result u32) (canon lift (core func $adapter "stack-in-use"))))
;;= note[unguarded_command_rerun] core module 0 `main` > func 1 `_start` (0x57): a second call of `wasi:cli/run@0.2.6#run` runs the whole program again on memory that the first one used
