;; An export that does not restore the stack pointer, and one that depends on it.
(component
  (core module $m
    (memory 2)
    (global $sp (mut i32) (i32.const 65536))
    (func (export "where") (param $x i32) (result i32) (local $p i32)
      (global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 16))))
      (i32.store (local.get $p) (local.get $x))
      (global.set $sp (i32.add (local.get $p) (i32.const 16)))
      (local.get $p))
    (func (export "sink") (global.set $sp (i32.sub (global.get $sp) (i32.const 16))))
    (func (export "double") (param $x i32) (result i32) (i32.shl (local.get $x) (i32.const 1))))
  (core instance $i (instantiate $m))
  (func (export "not-where") (param "x" u32) (result u32) (canon lift (core func $i "where")))
  (func (export "not-sink") (canon lift (core func $i "sink")))
  (func (export "double") (param "x" u32) (result u32) (canon lift (core func $i "double"))))
