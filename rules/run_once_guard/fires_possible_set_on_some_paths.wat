;; Every call tests the flag, only `read(take = true)` sets it.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1044) "\2a\00\00\00")
    (func (export "read") (param $take i32) (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (if (local.get $take) (then (i32.store (i32.const 1040) (i32.const 1))))
      (i32.load (i32.const 1044))))
  (core instance $main (instantiate $main))
  (func (export "read") (param "take" bool) (result u32) (canon lift (core func $main "read"))))
;;= note[run_once_guard] core module 0 `main` > func 0 `read` (0x43): `read` may trap when called again in the same instance
