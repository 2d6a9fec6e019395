;; Objects lie below address 1024; a pointer to one is stored like a number.
(component
  (core module $m
    (memory (export "mem") 2)
    (global $sp (mut i32) (i32.const 66560))
    (func $framed (param i32)
      (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
      (i32.store (global.get $sp) (local.get 0))
      (global.set $sp (i32.add (global.get $sp) (i32.const 16))))
    (tag $tag)
    (func $clear
      (block $caught
        (try_table (catch_all $caught)
          (i32.store (i32.load (i32.const 2000)) (i32.const 0))
          (throw $tag))))
    (func (export "f")
      (call $framed (i32.const 0))
      (if (i32.load (i32.const 512)) (then (unreachable)))
      (i32.store (i32.const 512) (i32.const 1))
      (i32.store (i32.const 2000) (i32.const 512))
      (call $clear)))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f"))))
