;; An eight-byte flag.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i64.ne (i64.load (i32.const 1040)) (i64.const 0)) (then unreachable))
      (i64.store (i32.const 1040) (i64.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x46): `run` traps when called again in the same instance
