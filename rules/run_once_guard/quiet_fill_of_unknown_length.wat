;; A fill whose length is an argument clears the flag.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "run") (param i32) (result i32)
      (if (i32.load (i32.const 1060)) (then unreachable))
      (i32.store (i32.const 1060) (i32.const 1))
      (memory.fill (i32.const 1040) (i32.const 0) (i32.add (i32.const 64) (i32.and (local.get 0) (i32.const 7))))
      (i32.const 5)))
  (core instance $i (instantiate $m))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
