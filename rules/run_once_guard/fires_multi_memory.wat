;; The flag is in the module's second memory.
(component
  (core module $main
    (memory $heap (export "memory") 2)
    (memory $state 1)
    (func $_start (export "_start")
      (if (i32.load $state (i32.const 1040)) (then unreachable))
      (i32.store $heap (i32.const 1040) (i32.const 0))
      (i32.store $state (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x46): `run` traps when called again in the same instance
