;; The flag stands 16 bytes before the member whose address is kept; the code subtracts.
(component
  (core module $m
    (memory (export "mem") 2)
    (global $sp (mut i32) (i32.const 66560))
    (data (i32.const 1200) "\a0\04\00\00\00\00\00\00\01\00\00\00")
    (tag $tag)
    (func $framed (param i32)
      (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
      (i32.store (global.get $sp) (local.get 0))
      (global.set $sp (i32.add (global.get $sp) (i32.const 16))))
    (func $clear (param $n i32)
      (block $caught
        (try_table (catch_all $caught)
          (i32.store (i32.sub (i32.load (i32.const 1200)) (i32.const 16)) (i32.const 0))
          (throw $tag))))
    (func (export "f") (param $x i32)
      (call $framed (local.get $x))
      (if (i32.load (i32.const 1168)) (then (unreachable)))
      (i32.store (i32.const 1168) (i32.const 1))
      (call $clear (i32.and (local.get $x) (i32.const 3)))))
  (core instance $i (instantiate $m))
  (func (export "f") (param "x" u32) (canon lift (core func $i "f"))))
