;; The first call returns, the second traps (unreachable). Single shot.
(component
  (core module $main
    (global $called (mut i32) (i32.const 0))
    (func (export "once") (result i32)
      (if (global.get $called) (then unreachable))
      (global.set $called (i32.const 1))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "once") (result u32) (canon lift (core func $main "once"))))
;;= once: single_shot
;;= error[run_once_guard] `once` traps when called again in the same instance
;;=   because `called`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
