;; The destructor traps, no matter which export created or used the object: it is reported at the constructor, and not
;; again at each method.
(component
  (core module $destructor
    (func (export "drop") (param $rep i32) unreachable))
  (core instance $destructor (instantiate $destructor))
  (type $thing' (resource (rep i32) (dtor (core func $destructor "drop"))))
  (core module $main
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "constructor") (result i32) (call $new (i32.const 7)))
    (func (export "size") (param i32) (result i32) (i32.const 3))
    (func (export "name") (param i32) (result i32) (i32.const 4)))
  (core func $new (canon resource.new $thing'))
  (core instance $main (instantiate $main (with "" (instance (export "new" (func $new))))))
  (component $things
    (import "thing" (type $thing' (sub resource)))
    (import "new" (func $new (result (own $thing'))))
    (import "size" (func $size (param "self" (borrow $thing')) (result u32)))
    (import "name" (func $name (param "self" (borrow $thing')) (result u32)))
    (export $thing "thing" (type $thing'))
    (export "[constructor]thing" (func $new) (func (result (own $thing))))
    (export "[method]thing.size" (func $size) (func (param "self" (borrow $thing)) (result u32)))
    (export "[method]thing.name" (func $name) (func (param "self" (borrow $thing)) (result u32))))
  (func $constructor (result (own $thing')) (canon lift (core func $main "constructor")))
  (func $size (param "self" (borrow $thing')) (result u32) (canon lift (core func $main "size")))
  (func $name (param "self" (borrow $thing')) (result u32) (canon lift (core func $main "name")))
  (instance $things (instantiate $things
    (with "thing" (type $thing'))
    (with "new" (func $constructor))
    (with "size" (func $size))
    (with "name" (func $name))))
  (export "test:things/things" (instance $things)))
;;= test:things/things#[constructor]thing: unknown
;;= test:things/things#[method]thing.size: unknown
;;= test:things/things#[method]thing.name: unknown
;;= error[first_call_fails] the first call of `test:things/things#[constructor]thing` traps (unreachable) in the destructor of `test:things/things thing` on a fresh instance
;;= test:things/things#[method]thing.size not seen: destructor: the destructor of `test:things/things thing` traps, as after a call of `test:things/things#[constructor]thing`
;;= test:things/things#[method]thing.name not seen: destructor: the destructor of `test:things/things thing` traps, as after a call of `test:things/things#[constructor]thing`
