;; The guarded function is lifted, but the lift is internal: nothing exports it.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "greet") (result i32) (i32.const 42)))
  (core instance $main (instantiate $main))
  (func $run (canon lift (core func $main "_start")))
  (func (export "greet") (result u32) (canon lift (core func $main "greet"))))
