;; The build before a change. `count` answers the same always, `grow` keeps a page, `retire` is there, and `put` of the
;; shop has version 0.1.0.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "count") (result i32) (i32.const 7))
    (func (export "grow") (drop (memory.grow (i32.const 1))))
    (func (export "retire") (result i32) (i32.const 1))
    (func (export "put") (param i32) (result i32) (local.get 0)))
  (core instance $main (instantiate $main))
  (func (export "count") (result u32) (canon lift (core func $main "count")))
  (func (export "grow") (canon lift (core func $main "grow")))
  (func (export "retire") (result u32) (canon lift (core func $main "retire")))
  (func $put (param "item" u32) (result u32) (canon lift (core func $main "put")))
  (instance $shop (export "put" (func $put)))
  (export "test:shop/store@0.1.0" (instance $shop)))
