;; The guarded function is called through a table that an active element segment fills.
(component
  (core module $main
    (memory (export "memory") 2)
    (type $entry (func))
    (table 3 3 funcref)
    (elem (i32.const 1) func $idle $_start)
    (func $idle)
    (func $_start
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "run")
      (call_indirect (type $entry) (i32.const 2))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x57): `run` traps when called again in the same instance
