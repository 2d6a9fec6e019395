;; A start function calls a slot before another module fills it with the function that turns the guard on.
(component
  (core module $a
    (table (export "table") 1 funcref)
    (memory (export "mem") 1)
    (elem (i32.const 0) func $nothing)
    (func $nothing)
    (func (export "mark") (i32.store (i32.const 3000) (i32.const 1)))
    (func $init (call_indirect (i32.const 0)))
    (start $init)
    (func (export "f")
      (if (i32.load (i32.const 3000))
        (then
          (if (i32.load (i32.const 2048)) (then unreachable))
          (i32.store (i32.const 2048) (i32.const 1))))))
  (core module $b
    (import "a" "table" (table 1 funcref))
    (import "a" "mark" (func $mark))
    (elem (i32.const 0) func $mark))
  (core instance $a (instantiate $a))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "f") (canon lift (core func $a "f"))))
