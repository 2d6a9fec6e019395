;; A resource with a constructor, one method and a destructor. Each answer depends only on its object.
;; Reusable.
(component
  (core module $destructor
    (func (export "drop") (param i32)))
  (core instance $destructor (instantiate $destructor))
  (type $thing' (resource (rep i32) (dtor (core func $destructor "drop"))))
  (core module $main
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "constructor") (param $value i32) (result i32)
      (call $new (local.get $value)))
    (func (export "value") (param $rep i32) (result i32)
      (local.get $rep)))
  (core func $new (canon resource.new $thing'))
  (core instance $main (instantiate $main (with "" (instance (export "new" (func $new))))))
  (export $thing "thing" (type $thing'))
  (func (export "[constructor]thing") (param "value" u32) (result (own $thing))
    (canon lift (core func $main "constructor")))
  (func (export "[method]thing.value") (param "self" (borrow $thing)) (result u32)
    (canon lift (core func $main "value"))))
;;= [constructor]thing: reusable_observed 8
;;= [method]thing.value: reusable_observed 8
