;; The call tests the word at 1040 and stores to the one at 1044.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store offset=4 (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
