;; The first call returns, the second calls exit(err). Single shot, by an exit, not by a trap.
(component
  (import "wasi:cli/exit@0.2.6" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (core module $main
    (import "" "exit" (func $exit (param i32)))
    (global $called (mut i32) (i32.const 0))
    (func (export "once") (result i32)
      (if (global.get $called) (then (call $exit (i32.const 1))))
      (global.set $called (i32.const 1))
      (i32.const 42)))
  (core func $exit (canon lower (func $exit "exit")))
  (core instance $main (instantiate $main
    (with "" (instance (export "exit" (func $exit))))))
  (func (export "once") (result u32) (canon lift (core func $main "once"))))
;;= once: single_shot
;;= error[later_call_fails] call 2 of `once` on the same instance exits with status 1, where a fresh instance returns
;;=   because `called`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
