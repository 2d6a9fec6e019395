;; A function of another module, whose type is declared there as a subtype of the called type.
(component
  (core module $a
    (type $open (sub (func (result anyref))))
    (type $narrow (sub $open (func (result i31ref))))
    (table (export "table") 1 funcref)
    (memory (export "mem") 1)
    (elem (i32.const 0) func $clear)
    (func $clear (type $narrow) (i32.store (i32.const 2048) (i32.const 0)) (ref.null i31)))
  (core module $b
    (import "a" "table" (table 1 funcref))
    (import "a" "mem" (memory 1))
    (type (func (param i32)))
    (type $open (sub (func (result anyref))))
    (func (export "f") (param $x i32)
      (if (i32.load (i32.const 2048)) (then unreachable))
      (i32.store (i32.const 2048) (i32.const 1))
      (if (local.get $x) (then (drop (call_indirect (type $open) (i32.const 0)))))))
  (core instance $a (instantiate $a))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "f") (param "x" u32) (canon lift (core func $b "f"))))
