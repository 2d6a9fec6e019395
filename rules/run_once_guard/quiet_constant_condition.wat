;; The guard is behind a condition that is the constant 0.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $assert_called_once
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "run")
      (if (i32.const 0) (then (call $assert_called_once)))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
