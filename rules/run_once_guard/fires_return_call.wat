;; A tail call leads to the guarded function.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func $run (export "run")
      return_call $_start))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x41): `run` traps when called again in the same instance
