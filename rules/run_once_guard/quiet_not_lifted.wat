;; The core module exports a guarded `wasi:cli/run@0.2.10#run`, like those of ComponentizeJS; only `greet` is
;; lifted.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "wasi:cli/run@0.2.10#run") (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.const 0))
    (func (export "greet") (result i32) (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "greet") (result u32) (canon lift (core func $main "greet"))))
