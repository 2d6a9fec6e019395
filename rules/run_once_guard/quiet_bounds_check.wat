;; A bounds check on an argument: the bound is in memory, but no call changes it.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1040) "\08\00\00\00")
    (func $panic_bounds_check unreachable)
    (func (export "swap") (param $index i32) (param $value i32) (result i32) (local $slot i32)
      (if (i32.ge_u (local.get $index) (i32.load (i32.const 1040)))
        (then (call $panic_bounds_check)))
      (local.set $slot (i32.shl (local.get $index) (i32.const 2)))
      (i32.load offset=2048 (local.get $slot))
      (i32.store offset=2048 (local.get $slot) (local.get $value))))
  (core instance $main (instantiate $main))
  (func (export "swap") (param "index" u32) (param "value" u32) (result u32)
    (canon lift (core func $main "swap"))))
