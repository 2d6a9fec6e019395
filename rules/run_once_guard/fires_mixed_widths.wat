;; The flag is stored as a word and tested as the word's low byte.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i32.load8_u (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x43): `run` traps when called again in the same instance
