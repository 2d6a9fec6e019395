;; Not every trap is `unreachable`: the second call divides by the number of seats, which the first one set to zero.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1040) "\01\00\00\00")
    (func (export "share") (result i32) (local $seats i32)
      (local.set $seats (i32.load (i32.const 1040)))
      (i32.store (i32.const 1040) (i32.const 0))
      (i32.div_u (i32.const 100) (local.get $seats))))
  (core instance $main (instantiate $main))
  (func (export "share") (result u32) (canon lift (core func $main "share"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `share` (0x52): `share` traps when called again in the same instance
