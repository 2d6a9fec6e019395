;; The flag is set before it is tested: every call traps, including the first.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (i32.store (i32.const 1040) (i32.const 1))
      (if (i32.load (i32.const 1040)) (then unreachable))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
