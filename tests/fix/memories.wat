;; Two memories of one module. Another module grows the second, and one has data for it.
(component
  (core module $both
    (memory $a (export "a") 1)
    (memory $b (export "b") 1)
    (data (memory $a) (i32.const 8) "a")
    (data (memory $b) (i32.const 100) "b")
    (func (export "add") (result i32)
      (i32.store $a (i32.const 16) (i32.add (i32.load $a (i32.const 16)) (i32.const 1)))
      (i32.store $b (i32.const 24) (i32.add (i32.load $b (i32.const 24)) (i32.const 10)))
      (drop (memory.grow $a (i32.const 1)))
      (i32.add
        (i32.mul (i32.add (memory.size $a) (i32.mul (memory.size $b) (i32.const 10))) (i32.const 1000))
        (i32.add (i32.load $a (i32.const 16)) (i32.load $b (i32.const 24))))))
  (core instance $both (instantiate $both))
  (core module $grows
    (import "m" "a" (memory $a 1))
    (import "m" "b" (memory $b 1))
    (func (export "grow") (result i32)
      (drop (memory.grow $b (i32.const 2)))
      (i32.store $b (i32.const 131072) (i32.add (i32.load $b (i32.const 131072)) (i32.const 1)))
      (i32.add (i32.mul (memory.size $b) (i32.const 10)) (i32.load $b (i32.const 131072)))))
  (core instance $grows (instantiate $grows (with "m" (instance $both))))
  (func (export "add") (result u32) (canon lift (core func $both "add")))
  (func (export "grow") (result u32) (canon lift (core func $grows "grow"))))
