;; A stack below all data: a function of LLVM reads what an earlier one left on it.
(component
  (core module $m
    (memory (export "memory") 2)
    (global $__stack_pointer (mut i32) (i32.const 65536))
    (data (i32.const 65536) "data")
    (func $deep (param i32) (result i32)
      (local $frame i32) (local $before i32)
      global.get $__stack_pointer
      i32.const 4096
      i32.sub
      local.tee $frame
      global.set $__stack_pointer
      (local.set $before (i32.load (local.get $frame)))
      (i32.store (local.get $frame) (i32.add (local.get $before) (local.get 0)))
      (i32.store (i32.sub (local.get $frame) (i32.const 64)) (local.get 0))
      (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 4096)))
      (i32.load (local.get $frame)))
    (func (export "deep") (result i32) (call $deep (i32.const 3)))
    (func (export "lost") (result i32)
      (drop (call $deep (i32.const 5)))
      ;; The stack pointer is never given back.
      (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16384)))
      (global.get $__stack_pointer)))
  (core instance $m (instantiate $m))
  (func (export "deep") (result u32) (canon lift (core func $m "deep")))
  (func (export "lost") (result u32) (canon lift (core func $m "lost"))))
