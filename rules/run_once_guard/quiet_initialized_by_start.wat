;; The opposite test: `call` traps unless the start function has run, and it always has.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_initialize
      (i32.store (i32.const 1040) (i32.const 1)))
    (start $_initialize)
    (func (export "call") (result i32)
      (if (i32.eqz (i32.load (i32.const 1040))) (then unreachable))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "call") (result u32) (canon lift (core func $main "call"))))
