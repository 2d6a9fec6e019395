;; The guarded function is in the table, but the export calls another slot.
(component
  (core module $main
    (memory (export "memory") 2)
    (type $entry (func (result i32)))
    (table 3 3 funcref)
    (elem (i32.const 1) func $install $status)
    (func $install (type $entry)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.const 0))
    (func $status (type $entry) (i32.const 42))
    (func (export "status") (result i32)
      (call_indirect (type $entry) (i32.const 2))))
  (core instance $main (instantiate $main))
  (func (export "status") (result u32) (canon lift (core func $main "status"))))
