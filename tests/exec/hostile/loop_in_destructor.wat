;; The destructor of the resource never ends: dropping an object is a call, too.
(component
  (core module $destructor
    (func (export "drop") (param i32) (loop $for-ever (br $for-ever))))
  (core instance $destructor (instantiate $destructor))
  (type $thing' (resource (rep i32) (dtor (core func $destructor "drop"))))
  (core module $main
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "constructor") (result i32)
      (call $new (i32.const 1))))
  (core func $new (canon resource.new $thing'))
  (core instance $main (instantiate $main (with "" (instance (export "new" (func $new))))))
  (export $thing "thing" (type $thing'))
  (func (export "[constructor]thing") (result (own $thing))
    (canon lift (core func $main "constructor"))))
;;= [constructor]thing: unknown
;;= [constructor]thing not seen: budget: the first call reaches its limit of time
