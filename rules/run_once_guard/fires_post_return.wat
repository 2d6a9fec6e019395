;; The guard is in the post-return function: each call returns its string, the second cleanup traps.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1024) "\2c\04\00\00\05\00\00\00")
    (data (i32.const 1068) "hello")
    (func (export "greet") (result i32) (i32.const 1024))
    (func $free_once (export "cabi_post_greet") (param $result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "greet") (result string)
    (canon lift (core func $main "greet") (memory (core memory $main "memory"))
      (post-return (core func $main "cabi_post_greet")))))
;;= error[run_once_guard] core module 0 `main` > func 1 `free_once` (0x61): `greet` traps when called again in the same instance
