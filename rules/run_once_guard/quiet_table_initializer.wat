;; The table's slots are initialized with a function, not with null.
(component
  (core module $m
    (memory (export "memory") 1)
    (type $v (func))
    (func $reset (i32.store (i32.const 1040) (i32.const 0)))
      (table 2 funcref (ref.func $reset))
      (func (export "run") (param i32) (result i32)
      (if (i32.load (i32.const 1040)) (then (call_indirect (type $v) (i32.const 1))))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.const 5)))
  (core instance $i (instantiate $m))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
