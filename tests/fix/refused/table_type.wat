;; A module grows the table of another one.
(component
  (core module $m (table (export "table") 1 funcref) (memory 1))
  (core instance $m (instantiate $m))
  (core module $grows
    (import "m" "table" (table 1 funcref))
    (func (export "f") (result i32) (table.grow (ref.null func) (i32.const 1))))
  (core instance $grows (instantiate $grows (with "m" (instance $m))))
  (func (export "f") (result u32) (canon lift (core func $grows "f"))))
