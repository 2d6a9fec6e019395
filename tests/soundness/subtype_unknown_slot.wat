;; A function whose type is declared as a subtype of the called type.
(component
  (core module $m
    (type $open (sub (func (result anyref))))
    (type $narrow (sub $open (func (result i31ref))))
    (table 2 funcref)
    (memory (export "mem") 1)
    (elem (i32.const 0) func $nop $clear)
    (func $nop (type $open) (ref.null any))
    (func $clear (type $narrow) (i32.store (i32.const 2048) (i32.const 0)) (ref.null i31))
    (func (export "f") (param $x i32)
      (if (i32.load (i32.const 2048)) (then unreachable))
      (i32.store (i32.const 2048) (i32.const 1))
      (drop (call_indirect (type $open) (i32.and (local.get $x) (i32.const 1))))))
  (core instance $i (instantiate $m))
  (func (export "f") (param "x" u32) (canon lift (core func $i "f"))))
