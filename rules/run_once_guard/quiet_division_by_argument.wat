;; Division by an argument traps on 0, on the first call as on any other; the state is only a counter.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "divide") (param $a i32) (param $b i32) (result i32)
      (i32.store (i32.const 1040) (i32.add (i32.load (i32.const 1040)) (i32.const 1)))
      (i32.div_u (local.get $a) (local.get $b))))
  (core instance $main (instantiate $main))
  (func (export "divide") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "divide"))))
