;; The export takes an object of an imported resource. The host can create one, because the resource is stubbed.
;; Reusable, no leak: the export drops the object.
(component
  (import "example:host/things" (instance $things
    (export "thing" (type $thing (sub resource)))
    (export "[method]thing.value" (func (param "self" (borrow $thing)) (result u32)))))
  (alias export $things "thing" (type $thing))
  (core func $value (canon lower (func $things "[method]thing.value")))
  (core func $drop (canon resource.drop $thing))
  (core module $main
    (import "" "value" (func $value (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work") (param $thing i32) (result i32)
      (call $value (local.get $thing))
      (call $drop (local.get $thing))))
  (core instance $main (instantiate $main
    (with "" (instance (export "value" (func $value)) (export "drop" (func $drop))))))
  (func (export "work") (param "thing" (own $thing)) (result u32)
    (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
