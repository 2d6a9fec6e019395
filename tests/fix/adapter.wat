;; A second module uses the first one's memory: it grows it, and has globals of its own.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "size") (result i32) (memory.size)))
  (core module $adapter
    (import "env" "memory" (memory 1))
    (import "env" "size" (func $size (result i32)))
    (global $state (mut i32) (i32.const 0))
    (global $weight (mut f64) (f64.const 1.5))
    (func $table_slot (result i32) (global.get $state))
    (table funcref (elem $table_slot))
    (func (export "work") (result i32)
      (if (i32.eqz (global.get $state))
        (then (global.set $state (i32.shl (memory.grow (i32.const 1)) (i32.const 16)))))
      (global.set $weight (f64.mul (global.get $weight) (f64.const 2)))
      (i32.store (global.get $state) (i32.add (i32.load (global.get $state)) (i32.const 1)))
      (i32.add
        (i32.add (i32.load (global.get $state)) (call_indirect (result i32) (i32.const 0)))
        (i32.add (i32.trunc_f64_u (global.get $weight))
          (i32.add (call $size) (i32.mul (memory.size) (i32.const 100)))))))
  (core instance $main (instantiate $main))
  (core instance $adapter (instantiate $adapter (with "env" (instance $main))))
  (func (export "work") (result u32) (canon lift (core func $adapter "work"))))
