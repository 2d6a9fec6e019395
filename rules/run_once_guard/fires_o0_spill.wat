;; -O0 with a spill: the flag's value is stored in the shadow stack frame and reloaded for the branch.
(component
  (core module $main
    (memory (export "memory") 2)
    (global $__stack_pointer (mut i32) (i32.const 66576))
    (func $_start (export "_start") (local $frame i32)
      (local.set $frame (i32.sub (global.get $__stack_pointer) (i32.const 16)))
      (global.set $__stack_pointer (local.get $frame))
      ;; int was_started = started;
      (i32.store offset=12 (local.get $frame) (i32.load offset=1040 (i32.const 0)))
      ;; if (was_started) __builtin_trap();
      block
        (br_if 0 (i32.eqz (i32.load offset=12 (local.get $frame))))
        unreachable
      end
      ;; int now = 1; started = now;
      (i32.store offset=8 (local.get $frame) (i32.const 1))
      (i32.store offset=1040 (i32.const 0) (i32.load offset=8 (local.get $frame)))
      (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16)))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x68): `run` traps when called again in the same instance
