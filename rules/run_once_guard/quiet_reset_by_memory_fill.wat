;; The arena that contains the flag is cleared before the call returns.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (memory.fill (i32.const 1024) (i32.const 0) (i32.const 64))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
