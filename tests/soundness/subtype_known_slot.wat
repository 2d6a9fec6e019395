;; A function whose type is declared as a subtype of the called type, in a slot that is known.
(component
  (core module $m
    (type $open (sub (func (result anyref))))
    (type $between (sub $open (func (result eqref))))
    (type $narrow (sub final $between (func (result i31ref))))
    (table 1 funcref)
    (memory (export "mem") 1)
    (elem (i32.const 0) func $clear)
    (func $clear (type $narrow) (i32.store (i32.const 2048) (i32.const 0)) (ref.null i31))
    (func (export "f") (param $x i32)
      (if (i32.load (i32.const 2048)) (then unreachable))
      (i32.store (i32.const 2048) (i32.const 1))
      (if (local.get $x) (then (drop (call_indirect (type $open) (i32.const 0)))))))
  (core instance $i (instantiate $m))
  (func (export "f") (param "x" u32) (canon lift (core func $i "f"))))
