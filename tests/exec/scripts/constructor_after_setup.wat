;; The constructor works only after `setup`, which the lifecycle calls: also when it creates an argument of a method.
(component
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (global $ok (mut i32) (i32.const 0))
    (func (export "setup") (global.set $ok (i32.const 1)))
    (func (export "make") (result i32) (if (i32.eqz (global.get $ok)) (then unreachable)) (call $new (i32.const 7)))
    (func (export "a") (param i32) (result i32) (i32.const 1)))
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (func $make (result (own $r)) (canon lift (core func $i "make")))
  (func $a (param "self" (borrow $r)) (result u32) (canon lift (core func $i "a")))
  (func (export "setup") (canon lift (core func $i "setup")))
  (component $shim
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (import "a" (func $a (param "self" (borrow $r)) (result u32)))
    (export $r2 "r" (type $r))
    (export "[constructor]r" (func $make) (func (result (own $r2))))
    (export "[method]r.a" (func $a) (func (param "self" (borrow $r2)) (result u32))))
  (instance $s (instantiate $shim (with "r" (type $r)) (with "make" (func $make)) (with "a" (func $a))))
  (export "x:y/z" (instance $s)))
;;= x:y/z#[constructor]r: reusable_observed 8
;;= x:y/z#[method]r.a: reusable_observed 8
;;= setup: reusable_observed 8
