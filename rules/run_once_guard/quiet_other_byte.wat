;; The call tests the byte at 1040 and stores to the byte at 1041.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.load8_u (i32.const 1040)) (then unreachable))
      (i32.store8 (i32.const 1041) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
