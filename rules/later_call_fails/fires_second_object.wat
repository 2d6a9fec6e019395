;; A resource with a constructor and one method. The method traps (unreachable) for every object but the first of an
;; instance: breaks after one object, although one object may be used forever.
(component
  (core module $main
    (import "" "new" (func $new (param i32) (result i32)))
    (global $made (mut i32) (i32.const 0))
    (func (export "constructor") (result i32)
      (global.set $made (i32.add (global.get $made) (i32.const 1)))
      (call $new (global.get $made)))
    (func (export "value") (param $rep i32) (result i32)
      (if (i32.ne (local.get $rep) (i32.const 1)) (then unreachable))
      (i32.const 42)))
  (type $thing' (resource (rep i32)))
  (core func $new (canon resource.new $thing'))
  (core instance $main (instantiate $main (with "" (instance (export "new" (func $new))))))
  (export $thing "thing" (type $thing'))
  (func (export "[constructor]thing") (result (own $thing))
    (canon lift (core func $main "constructor")))
  (func (export "[method]thing.value") (param "self" (borrow $thing)) (result u32)
    (canon lift (core func $main "value"))))
;;= [constructor]thing: reusable_observed 8
;;= [method]thing.value: single_shot
;;= error[later_call_fails] call 2 of `[method]thing.value` on the same instance traps (unreachable), where a fresh instance returns
;;=   because `made`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
