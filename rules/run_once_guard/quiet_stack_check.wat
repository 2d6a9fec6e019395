;; A stack probe: the shadow stack pointer is decremented, compared with a limit, and restored.
(component
  (core module $main
    (memory (export "memory") 2)
    (global $__stack_pointer (mut i32) (i32.const 66576))
    (global $__stack_limit i32 (i32.const 1072))
    (func (export "run") (local $frame i32)
      (local.set $frame (i32.sub (global.get $__stack_pointer) (i32.const 40000)))
      (if (i32.lt_u (local.get $frame) (global.get $__stack_limit)) (then unreachable))
      (global.set $__stack_pointer (local.get $frame))
      (i32.store8 offset=39999 (local.get $frame) (i32.const 1))
      (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 40000)))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
