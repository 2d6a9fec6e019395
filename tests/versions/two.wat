;; Two versions of one interface, each behind a function without a name that works once: the two findings have one rule
;; and one export, and only digests tell them apart.
(component
  (core module
    (memory 1)
    (func (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.const 0))
    (func (result i32)
      (if (i32.load8_u (i32.const 1050)) (then unreachable))
      (i32.store8 (i32.const 1050) (i32.const 1))
      (i32.const 0))
    (func (export "old") (result i32) (call 0))
    (func (export "new") (result i32) (call 1)))
  (core instance $main (instantiate 0))
  (func $old (result (result)) (canon lift (core func $main "old")))
  (func $new (result (result)) (canon lift (core func $main "new")))
  (instance $old (export "run" (func $old)))
  (instance $new (export "run" (func $new)))
  (export "wasi:cli/run@0.2.0" (instance $old))
  (export "wasi:cli/run@0.2.6" (instance $new)))
