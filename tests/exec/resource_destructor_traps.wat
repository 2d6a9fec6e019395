;; The destructor traps (unreachable) for the second object of an instance. A host that never drops an object does not
;; notice.
(component
  (core module $destructor
    (func (export "drop") (param $rep i32)
      (if (i32.gt_u (local.get $rep) (i32.const 1)) (then unreachable))))
  (core instance $destructor (instantiate $destructor))
  (type $thing' (resource (rep i32) (dtor (core func $destructor "drop"))))
  (core module $main
    (import "" "new" (func $new (param i32) (result i32)))
    (global $made (mut i32) (i32.const 0))
    (func (export "constructor") (result i32)
      (global.set $made (i32.add (global.get $made) (i32.const 1)))
      (call $new (global.get $made))))
  (core func $new (canon resource.new $thing'))
  (core instance $main (instantiate $main (with "" (instance (export "new" (func $new))))))
  (export $thing "thing" (type $thing'))
  (func (export "[constructor]thing") (result (own $thing))
    (canon lift (core func $main "constructor"))))
;;= [constructor]thing: single_shot
;;= error[later_call_fails] call 2 of `[constructor]thing` on the same instance traps (unreachable), where a fresh instance returns
;;=   because `made`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
