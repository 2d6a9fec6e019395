;; The flag is one bit of a word that holds others.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1040) "\0c\00\00\00")
    (func $_start (export "_start") (local $flags i32)
      (local.set $flags (i32.load (i32.const 1040)))
      (if (i32.and (local.get $flags) (i32.const 1)) (then unreachable))
      (i32.store (i32.const 1040) (i32.or (local.get $flags) (i32.const 1)))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x4d): `run` traps when called again in the same instance
