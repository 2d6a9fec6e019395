;; The start function runs `_initialize`; the export runs it again, from its own second call on.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_initialize (export "_initialize")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "greet")
      (if (i32.load (i32.const 1044)) (then (call $_initialize)))
      (i32.store (i32.const 1044) (i32.const 1))))
  (core module $fixup
    (import "main" "_initialize" (func $_initialize))
    (start $_initialize))
  (core instance $main (instantiate $main))
  (core instance (instantiate $fixup (with "main" (instance $main))))
  (func (export "greet") (canon lift (core func $main "greet"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_initialize` (0x52): `greet` traps when called again in the same instance
