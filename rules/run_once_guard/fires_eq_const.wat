;; The call traps if it finds exactly the value that the first call left.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i32.eq (i32.load (i32.const 1040)) (i32.const 0x53544152)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 0x53544152))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x4a): `run` traps when called again in the same instance
