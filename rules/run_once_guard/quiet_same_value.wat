;; The call stores the initial value: 0.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 0))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
