;; The argument chooses the slot of a table: slot 0 is harmless, slot 1 is guarded.
(component
  (core module $main
    (memory (export "memory") 2)
    (type $command (func))
    (table 2 2 funcref)
    (elem (i32.const 0) func $status $install)
    (func $status)
    (func $install
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "dispatch") (param $command i32)
      (call_indirect (type $command) (local.get $command))))
  (core instance $main (instantiate $main))
  (func (export "dispatch") (param "command" u32) (canon lift (core func $main "dispatch"))))
;;= note[run_once_guard] core module 0 `main` > func 1 `install` (0x60): `dispatch` may trap when called again in the same instance
