;; A data segment sets the flag to -1, and the call traps if it has any other value.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1040) "\ff\ff\ff\ff")
    (func $_start (export "_start")
      (if (i32.ne (i32.load (i32.const 1040)) (i32.const -1)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 0))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x46): `run` traps when called again in the same instance
