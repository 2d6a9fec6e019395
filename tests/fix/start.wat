;; A start function fills memory and a global: the state of the first call is not that of the data segments.
(component
  (core module $m
    (memory (export "memory") 3)
    (global $ready (mut i64) (i64.const 0))
    (data (i32.const 70000) "\01")
    (func $start
      (global.set $ready (i64.const 9))
      (i32.store8 (i32.const 5) (i32.const 2))
      (i32.store8 (i32.const 100000) (i32.const 3)))
    (start $start)
    (func (export "use") (result i64)
      (local $sum i64)
      (local.set $sum (i64.add (global.get $ready)
        (i64.add (i64.load8_u (i32.const 5))
          (i64.add (i64.load8_u (i32.const 70000)) (i64.load8_u (i32.const 100000))))))
      (global.set $ready (i64.const 100))
      (i32.store8 (i32.const 5) (i32.const 20))
      (i32.store8 (i32.const 70000) (i32.const 30))
      (i32.store8 (i32.const 100000) (i32.const 40))
      (local.get $sum)))
  (core instance $m (instantiate $m))
  (func (export "use") (result u64) (canon lift (core func $m "use"))))
