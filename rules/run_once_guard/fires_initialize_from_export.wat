;; `_initialize` has a guard too. Here no start function calls it: an export does, on every call.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_initialize
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "greet") (result i32)
      (call $_initialize)
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "greet") (result u32) (canon lift (core func $main "greet"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_initialize` (0x47): `greet` traps when called again in the same instance
