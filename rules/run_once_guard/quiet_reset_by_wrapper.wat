;; `_start` has the guard; its caller, in another core module, clears the flag after it.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "reset_state")
      (i32.store (i32.const 1040) (i32.const 0))))
  (core module $wrapper
    (import "main" "_start" (func $_start))
    (import "main" "reset_state" (func $reset_state))
    (func (export "run")
      (call $_start)
      (call $reset_state)))
  (core instance $main (instantiate $main))
  (core instance $wrapper (instantiate $wrapper (with "main" (instance $main))))
  (func (export "run") (canon lift (core func $wrapper "run"))))
