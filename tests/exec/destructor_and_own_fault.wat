;; The destructor traps for one argument, after `a` and after `b`; `b` also traps in its own code at its third call.
;; Each is reported once.
(component
  (core module $m
    (global $flag (export "flag") (mut i32) (i32.const 0))
    (global $n (mut i32) (i32.const 0))
    (func (export "dtor") (param i32) (if (global.get $flag) (then unreachable)))
    (func (export "a") (param i32 i32) (result i32)
      (if (i32.eq (local.get 1) (i32.const -1)) (then (global.set $flag (i32.const 1))))
      (i32.const 1))
    (func (export "b") (param i32 i32) (result i32)
      (if (i32.eq (local.get 1) (i32.const -1)) (then (global.set $flag (i32.const 1))))
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (if (i32.ge_u (global.get $n) (i32.const 3)) (then unreachable))
      (i32.const 1)))
  (core instance $i (instantiate $m))
  (type $r (resource (rep i32) (dtor (core func $i "dtor"))))
  (core func $new (canon resource.new $r))
  (core module $c (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (result i32) (call $new (i32.const 7))))
  (core instance $ci (instantiate $c (with "" (instance (export "new" (func $new))))))
  (func $make (result (own $r)) (canon lift (core func $ci "make")))
  (func $a (param "self" (borrow $r)) (param "x" u32) (result u32) (canon lift (core func $i "a")))
  (func $b (param "self" (borrow $r)) (param "x" u32) (result u32) (canon lift (core func $i "b")))
  (component $shim
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (import "a" (func $a (param "self" (borrow $r)) (param "x" u32) (result u32)))
    (import "b" (func $b (param "self" (borrow $r)) (param "x" u32) (result u32)))
    (export $r2 "r" (type $r))
    (export "[constructor]r" (func $make) (func (result (own $r2))))
    (export "[method]r.a" (func $a) (func (param "self" (borrow $r2)) (param "x" u32) (result u32)))
    (export "[method]r.b" (func $b) (func (param "self" (borrow $r2)) (param "x" u32) (result u32))))
  (instance $s (instantiate $shim (with "r" (type $r)) (with "make" (func $make)) (with "a" (func $a)) (with "b" (func $b))))
  (export "x:y/z" (instance $s)))
;;= x:y/z#[constructor]r: reusable_observed 8
;;= x:y/z#[method]r.a: reusable_observed 7
;;= x:y/z#[method]r.b: breaks_after 3
;;= warning[some_arguments_trap] 1 of 8 calls of `x:y/z#[method]r.a` with different arguments trap on a fresh instance, as with `(<resource>, 4294967295)` in the destructor of `x:y/z r`: unreachable
;;= error[later_call_fails] call 3 of `x:y/z#[method]r.b` on the same instance traps (unreachable), where a fresh instance returns
;;=   because `n`: 0 before the first of calls 1 and 2, 2 after; with it put back, call 3 returns as a fresh instance does
