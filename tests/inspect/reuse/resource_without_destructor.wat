;; Defines two resources. Only one has a destructor.
(component
  (core module $destructors
    (func (export "drop") (param i32)))
  (core instance $destructors (instantiate $destructors))
  (type $file (resource (rep i32) (dtor (core func $destructors "drop"))))
  (type $bag (resource (rep i32)))
  (core func $file (canon resource.new $file))
  (core func $bag (canon resource.new $bag))
  (core module $main
    (import "" "file" (func $file (param i32) (result i32)))
    (import "" "bag" (func $bag (param i32) (result i32)))
    (func (export "open") (result i32)
      (i32.add (call $file (i32.const 1)) (call $bag (i32.const 2)))))
  (core instance $main (instantiate $main (with "" (instance
    (export "file" (func $file)) (export "bag" (func $bag))))))
  (func (export "open") (result u32) (canon lift (core func $main "open"))))
