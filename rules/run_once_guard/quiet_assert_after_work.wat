;; An assertion about what the call itself has just stored.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run") (param $value i32)
      (i32.store (i32.const 1040) (i32.or (local.get $value) (i32.const 1)))
      (if (i32.eqz (i32.load (i32.const 1040))) (then unreachable))))
  (core instance $main (instantiate $main))
  (func (export "run") (param "value" u32) (canon lift (core func $main "run"))))
