;; The callee tests and sets the flag and returns what it found; the caller traps.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $test_and_set (param $flag i32) (result i32) (local $old i32)
      (local.set $old (i32.load (local.get $flag)))
      (i32.store (local.get $flag) (i32.const 1))
      (local.get $old))
    (func $_start (export "_start")
      (if (call $test_and_set (i32.const 1040)) (then unreachable))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x5e): `run` traps when called again in the same instance
