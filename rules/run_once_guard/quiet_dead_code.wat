;; The guard is after a `return`.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run") (result i32)
      (return (i32.const 42))
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))
