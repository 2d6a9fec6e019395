;; The first handle of an instance is 1, the second 2. They are two new resources, not two answers.
(component
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (global $next (mut i32) (i32.const 1))
    (func (export "make") (result i32)
      (global.set $next (i32.add (global.get $next) (i32.const 1)))
      (call $new (global.get $next))))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (export $exported "r" (type $r))
  (func (export "make") (result (own $exported)) (canon lift (core func $i "make"))))
