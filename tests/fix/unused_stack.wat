;; No function moves the stack pointer, and one uses the red zone below it. The state lies behind the stack.
(component
  (core module $m
    (memory (export "memory") 2)
    (global $stack_pointer (mut i32) (i32.const 65536))
    (data (i32.const 65536) "\01")
    (func (export "tick") (result i32)
      (i32.store (i32.const 65536) (i32.add (i32.load (i32.const 65536)) (i32.const 1)))
      (i32.load (i32.const 65536)))
    (func (export "leaf") (result i32)
      (local i32)
      (local.set 0 (i32.sub (global.get $stack_pointer) (i32.const 16)))
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))
      (i32.load (local.get 0))))
  (core instance $m (instantiate $m))
  (func (export "tick") (result u32) (canon lift (core func $m "tick")))
  (func (export "leaf") (result u32) (canon lift (core func $m "leaf"))))
