;; Defines two resources. Only one has a destructor.
(component
  (core module $main
    (func (export "drop") (param i32))
    (func (export "open") (param i32) (result i32)
      (local.get 0)))
  (core instance $main (instantiate $main))
  (type $file (resource (rep i32) (dtor (core func $main "drop"))))
  (type $bag (resource (rep i32)))
  (export $exported "bag" (type $bag))
  (core func $new (canon resource.new $bag))
  (func (export "open") (param "size" u32) (result (own $exported))
    (canon lift (core func $new))))
