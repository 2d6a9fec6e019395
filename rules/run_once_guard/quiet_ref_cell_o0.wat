;; The same at -O0: borrow and release are callees that get the cell as a pointer.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $borrow_mut (param $cell i32)
      (if (i32.load (local.get $cell)) (then unreachable))
      (i32.store (local.get $cell) (i32.const -1)))
    (func $drop_ref_mut (param $cell i32)
      (i32.store (local.get $cell) (i32.const 0)))
    (func (export "push") (param $value i32)
      (call $borrow_mut (i32.const 1040))
      (i32.store (i32.const 1044) (local.get $value))
      (call $drop_ref_mut (i32.const 1040))))
  (core instance $main (instantiate $main))
  (func (export "push") (param "value" u32) (canon lift (core func $main "push"))))
