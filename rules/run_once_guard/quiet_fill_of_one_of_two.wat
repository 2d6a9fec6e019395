;; A fill writes to one of two places; one is the flag.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "run") (param i32) (result i32)
      (if (i32.load (i32.const 1060)) (then unreachable))
      (i32.store (i32.const 1060) (i32.const 1))
      (memory.fill (select (i32.const 1056) (i32.const 1052) (local.get 0)) (i32.const 0) (i32.const 16))
      (i32.const 5)))
  (core instance $i (instantiate $m))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
