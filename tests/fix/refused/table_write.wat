;; A table that is written.
(component
  (core module $m
    (memory (export "memory") 1)
    (table $t 4 funcref)
    (func (export "f") (result i32) (table.set $t (i32.const 0) (ref.null func)) (i32.const 1)))
  (core instance $m (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
