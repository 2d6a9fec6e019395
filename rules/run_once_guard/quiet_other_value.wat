;; The call leaves 1 behind and traps only on 2.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.eq (i32.load (i32.const 1040)) (i32.const 2)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
