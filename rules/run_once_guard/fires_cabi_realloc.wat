;; The guard is in `cabi_realloc`, which each call enters once, for its string argument.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.const 4096))
    (func (export "greet") (param $name i32) (param $length i32)))
  (core instance $main (instantiate $main))
  (func (export "greet") (param "name" string)
    (canon lift (core func $main "greet") (memory (core memory $main "memory"))
      (realloc (core func $main "cabi_realloc")))))
;;= error[run_once_guard] core module 0 `main` > func 0 `cabi_realloc` (0x5d): `greet` traps when called again in the same instance
