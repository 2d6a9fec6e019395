;; Gets two objects of an imported resource, from a constructor and a function, calls both, lends one, gives one away
;; and drops one. The host creates the handles. Reusable, no leak.
(component
  (import "example:host/things" (instance $things
    (export "thing" (type $thing (sub resource)))
    (export "[constructor]thing" (func (result (own $thing))))
    (export "[method]thing.value" (func (param "self" (borrow $thing)) (result u32)))
    (export "[static]thing.open" (func (result (own $thing))))
    (export "lend" (func (param "thing" (borrow $thing))))
    (export "give" (func (param "thing" (own $thing))))))
  (alias export $things "thing" (type $thing))
  (core func $new (canon lower (func $things "[constructor]thing")))
  (core func $value (canon lower (func $things "[method]thing.value")))
  (core func $open (canon lower (func $things "[static]thing.open")))
  (core func $lend (canon lower (func $things "lend")))
  (core func $give (canon lower (func $things "give")))
  (core func $drop (canon resource.drop $thing))
  (core module $main
    (import "" "new" (func $new (result i32)))
    (import "" "value" (func $value (param i32) (result i32)))
    (import "" "open" (func $open (result i32)))
    (import "" "lend" (func $lend (param i32)))
    (import "" "give" (func $give (param i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work") (result i32)
      (local $a i32)
      (local $b i32)
      (local.set $a (call $new))
      (local.set $b (call $open))
      (call $lend (local.get $a))
      (i32.add (call $value (local.get $a)) (call $value (local.get $b)))
      (call $give (local.get $a))
      (call $drop (local.get $b))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "new" (func $new))
      (export "value" (func $value))
      (export "open" (func $open))
      (export "lend" (func $lend))
      (export "give" (func $give))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
