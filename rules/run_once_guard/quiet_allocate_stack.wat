;; The adapter's `allocate_stack`, three states and an assertion; after the first call it does nothing.
(component
  (core module $adapter
    (memory (export "memory") 1)
    (global $__stack_pointer (mut i32) (i32.const 0))
    (global $allocation_state (mut i32) (i32.const 0))
    (func $allocate_stack
      (if (i32.eqz (global.get $allocation_state))
        (then
          (global.set $allocation_state (i32.const 1))
          (global.set $__stack_pointer
            (i32.shl (i32.add (memory.grow (i32.const 1)) (i32.const 1)) (i32.const 16)))
          (global.set $allocation_state (i32.const 2)))))
    (func (export "run")
      (call $allocate_stack)
      (if (i32.ne (global.get $allocation_state) (i32.const 2)) (then unreachable))))
  (core instance $adapter (instantiate $adapter))
  (func (export "run") (canon lift (core func $adapter "run"))))
