;; A callee behind a table clears the flag.
(component
  (core module $main
    (memory (export "memory") 2)
    (type $hook (func))
    (table 2 2 funcref)
    (elem (i32.const 1) func $on_finish)
    (func $on_finish
      (i32.store (i32.const 1040) (i32.const 0)))
    (func (export "run")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (call_indirect (type $hook) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
