;; The original has names like those that a repair adds.
(component
  (import "secondcall-turn" (func $turn (param "turn" u32)))
  (core func $turn (canon lower (func $turn)))
  (core module $m
    (import "secondcall" "turn" (func $turn (param i32)))
    (memory (export "secondcallx:memory") 1)
    (func (export "secondcall:save"))
    (func (export "secondcall:grow") (param i32) (result i32) (local.get 0))
    (func (export "tick") (result i32)
      (call $turn (i32.const 1))
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (memory.grow (i32.const 1))))
      (i32.load (i32.const 0))))
  (core instance $m (instantiate $m (with "secondcall" (instance (export "turn" (func $turn))))))
  (func (export "tick") (result u32) (canon lift (core func $m "tick"))))
