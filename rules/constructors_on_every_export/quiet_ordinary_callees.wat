;; The first call of each export looks like a constructor call but is none: only `reset` calls `clear`, and `enter`,
;; which the others share, takes the number of the export as an argument.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $clear
      i32.const 0
      i32.const 0
      i32.store offset=1024)
    (func $enter (param $export i32)
      i32.const 0
      local.get $export
      i32.store offset=1028)
    (func $read (result i32)
      i32.const 0
      i32.load offset=1024)
    (func $add (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.add)
    (func $reset (export "reset") (result i32)
      call $clear
      call $read)
    (func $count (export "count") (result i32)
      i32.const 1
      call $enter
      call $read)
    (func $sum (export "sum") (param i32 i32) (result i32)
      i32.const 2
      call $enter
      local.get 0
      local.get 1
      call $add))

  (core instance $main (instantiate $main))
  (func (export "reset") (result u32) (canon lift (core func $main "reset")))
  (func (export "count") (result u32) (canon lift (core func $main "count")))
  (func (export "sum") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "sum"))))
