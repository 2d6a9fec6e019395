;; `if (atomic_exchange(&started, 1)) trap`: the old value decides.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i32.atomic.rmw.xchg (i32.const 1040) (i32.const 1))
        (then unreachable))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x46): `run` traps when called again in the same instance
