;; A two-byte flag, loaded with sign extension.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i32.load16_s (i32.const 1042)) (then unreachable))
      (i32.store16 (i32.const 1042) (i32.const 0xffff))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x43): `run` traps when called again in the same instance
