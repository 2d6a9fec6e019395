;; A start function leaves a frame on the stack, and each call reads and changes it.
(component
  (core module $m
    (memory (export "memory") 2)
    (global $sp (mut i32) (i32.const 65536))
    (data (i32.const 65536) "\2a\00\00\00")
    (func $start (local $p i32)
      (global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 16))))
      (i32.store (local.get $p) (i32.const 42)))
    (start $start)
    (func (export "count") (result i32) (local $p i32) (local $n i32)
      (global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 16))))
      (local.set $n (i32.load offset=16 (local.get $p)))
      (i32.store offset=16 (local.get $p) (i32.add (local.get $n) (i32.const 1)))
      (global.set $sp (i32.add (local.get $p) (i32.const 16)))
      (local.get $n)))
  (core instance $i (instantiate $m))
  (func (export "count") (result u32) (canon lift (core func $i "count"))))
