;; The call tests bit 1 and sets bit 0 of the same word.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run") (local $flags i32)
      (local.set $flags (i32.load (i32.const 1040)))
      (if (i32.and (local.get $flags) (i32.const 2)) (then unreachable))
      (i32.store (i32.const 1040) (i32.or (local.get $flags) (i32.const 1)))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
