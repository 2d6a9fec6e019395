;; A store through the argument may reset the count.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "tick") (param $at i32) (result i32)
      (i32.store (i32.const 1040) (i32.add (i32.load (i32.const 1040)) (i32.const 1)))
      (i32.load (i32.const 1040))
      (i32.store (local.get $at) (i32.const 0))))
  (core instance $i (instantiate $m))
  (func (export "tick") (param "at" u32) (result u32) (canon lift (core func $i "tick"))))
