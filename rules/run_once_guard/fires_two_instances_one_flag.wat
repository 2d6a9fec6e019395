;; One core module, instantiated twice over one memory: both exports test and set the same flag.
(component
  (core module $libc (memory (export "memory") 2))
  (core module $main
    (import "env" "memory" (memory 1))
    (func $_start (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $libc (instantiate $libc))
  (core instance $left (instantiate $main (with "env" (instance $libc))))
  (core instance $right (instantiate $main (with "env" (instance $libc))))
  (func (export "a") (canon lift (core func $left "_start")))
  (func (export "b") (canon lift (core func $right "_start"))))
;;= error[run_once_guard] core module 1 `main` > func 0 `_start` (0x6f): `a` traps when called again in the same instance
;;= error[run_once_guard] core module 1 `main` > func 0 `_start` (0x6f): `b` traps when called again in the same instance
