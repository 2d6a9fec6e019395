;; One core module, instantiated twice: each export has its own flag, and each traps on its own second
;; call.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $left (instantiate $main))
  (core instance $right (instantiate $main))
  (func (export "a") (canon lift (core func $left "_start")))
  (func (export "b") (canon lift (core func $right "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x43): `a` traps when called again in the same instance
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x43): `b` traps when called again in the same instance
