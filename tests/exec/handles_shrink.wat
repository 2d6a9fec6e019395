;; The number of handles of one resource grows, that of another shrinks: only the former leaks.
(component
  (import "a:b/c" (instance $x
    (export "res" (type $res (sub resource)))
    (export "other" (type $other (sub resource)))
    (export "get" (func (result (own $res))))
    (export "get-other" (func (result (own $other))))))
  (alias export $x "res" (type $res))
  (alias export $x "other" (type $other))
  (core func $get (canon lower (func $x "get")))
  (core func $geto (canon lower (func $x "get-other")))
  (core func $drop (canon resource.drop $other))
  (core module $m
    (import "" "get" (func $get (result i32)))
    (import "" "geto" (func $geto (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (memory 1)
    (global $n (mut i32) (i32.const 0))
    (func (export "f") (result i32)
      (drop (call $get))
      (if (i32.lt_u (global.get $n) (i32.const 8))
        (then (i32.store (i32.mul (global.get $n) (i32.const 4)) (call $geto))))
      (if (i32.and (i32.ge_u (global.get $n) (i32.const 8)) (i32.lt_u (global.get $n) (i32.const 13)))
        (then (call $drop (i32.load (i32.mul (i32.sub (global.get $n) (i32.const 8)) (i32.const 4))))))
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (i32.const 1)))
  (core instance $i (instantiate $m (with "" (instance (export "get" (func $get)) (export "geto" (func $geto)) (export "drop" (func $drop))))))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
;;= f: reusable_observed 8
;;= warning[handles_grow] calls of `f` leak handles of `a:b/c res` from `a:b/c#get`, 1 per call: 2008 after 2008 calls; `f` asks for them; nothing drops or passes on what `a:b/c#get` returns
