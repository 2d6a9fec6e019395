;; A global, a word of memory with data, and a word without count calls.
(component
  (core module $m
    (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 5))
    (data (i32.const 4096) "\07")
    (func (export "tick") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.store (i32.const 4096) (i32.add (i32.load (i32.const 4096)) (i32.const 10)))
      (i32.store (i32.const 9000) (i32.add (i32.load (i32.const 9000)) (i32.const 100)))
      (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1000)))
      (i32.add (i32.add (global.get $calls) (i32.load (i32.const 4096)))
        (i32.add (i32.load (i32.const 9000)) (i32.load (i32.const 16)))))
    (func (export "peek") (result i64)
      (i64.extend_i32_u (i32.add (global.get $calls) (i32.load (i32.const 4096))))))
  (core instance $m (instantiate $m))
  (func (export "tick") (result u32) (canon lift (core func $m "tick")))
  (func (export "peek") (result u64) (canon lift (core func $m "peek"))))
