;; The flag is cleared, but too early: the call sets it again before it returns.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.store (i32.const 1040) (i32.const 0))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `run` (0x40): `run` traps when called again in the same instance
