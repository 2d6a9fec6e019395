;; Name sections that a strict reader refuses: subsections and names in another order, and one that ends too early.
(component
  (core module $ordered
    (@custom "name" "\07\08\01\00\05count" "\01\0d\02\01\04tock\00\04tick" "\00\02\01m")
    (memory (export "memory") 1)
    (global $count (mut i32) (i32.const 0))
    (func (export "tick") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (global.get $count))
    (func (export "tock") (result i32)
      (i32.const 1)))
  (core module $short
    (@custom "name" "\00\02\01m\01\20\01\00\04")
    (global $count (mut i32) (i32.const 0))
    (func (export "tack") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (global.get $count)))
  (core instance $ordered (instantiate $ordered))
  (core instance $short (instantiate $short))
  (func (export "tick") (result u32) (canon lift (core func $ordered "tick")))
  (func (export "tock") (result u32) (canon lift (core func $ordered "tock")))
  (func (export "tack") (result u32) (canon lift (core func $short "tack"))))
