;; The flag is one byte; a store of eight bytes over it clears it.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.load8_u (i32.const 1043)) (then unreachable))
      (i32.store8 (i32.const 1043) (i32.const 1))
      (i64.store (i32.const 1040) (i64.const 0))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
