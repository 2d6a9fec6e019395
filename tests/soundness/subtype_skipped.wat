;; Code that is not executed calls a function whose type is declared as a subtype of the called type.
(component
  (core module $m
    (type $open (sub (func (result anyref))))
    (type $narrow (sub $open (func (result i31ref))))
    (table 1 funcref)
    (memory (export "mem") 1)
    (elem (i32.const 0) func $clear)
    (func $clear (type $narrow) (i32.store (i32.const 2048) (i32.const 0)) (ref.null i31))
    (func $down (param $n i32)
      (if (local.get $n)
        (then (call $down (i32.sub (local.get $n) (i32.const 1))))
        (else (drop (call_indirect (type $open) (i32.const 0))))))
    (func (export "f") (param $x i32)
      (if (i32.load (i32.const 2048)) (then unreachable))
      (i32.store (i32.const 2048) (i32.const 1))
      (call $down (i32.const 5))))
  (core instance $i (instantiate $m))
  (func (export "f") (param "x" u32) (canon lift (core func $i "f"))))
