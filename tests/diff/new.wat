;; The build after it. `count` counts its calls, `grow` keeps two pages, `retire` is gone, `begin` is there, and `put` has
;; another type.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 0))
    (func (export "begin") (result i32) (i32.const 2))
    (func (export "count") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (global.get $calls))
    (func (export "grow") (drop (memory.grow (i32.const 2))))
    (func (export "put") (param i64) (result i32) (i32.wrap_i64 (local.get 0))))
  (core instance $main (instantiate $main))
  (func (export "begin") (result u32) (canon lift (core func $main "begin")))
  (func (export "count") (result u32) (canon lift (core func $main "count")))
  (func (export "grow") (canon lift (core func $main "grow")))
  (func $put (param "item" u64) (result u32) (canon lift (core func $main "put")))
  (instance $shop (export "put" (func $put)))
  (export "test:shop/store@0.1.1" (instance $shop)))
