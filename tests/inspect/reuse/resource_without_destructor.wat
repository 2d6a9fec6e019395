;; Defines three resources. One has a destructor, and one is its own affair.
(component
  (core module $destructors
    (func (export "drop") (param i32)))
  (core instance $destructors (instantiate $destructors))
  (type $file (resource (rep i32) (dtor (core func $destructors "drop"))))
  (type $bag (resource (rep i32)))
  (type $note (resource (rep i32)))
  (core func $file (canon resource.new $file))
  (core func $bag (canon resource.new $bag))
  (core func $note (canon resource.new $note))
  (core module $main
    (import "" "file" (func $file (param i32) (result i32)))
    (import "" "bag" (func $bag (param i32) (result i32)))
    (import "" "note" (func $note (param i32) (result i32)))
    (func (export "open") (result i32)
      (i32.add (call $file (i32.const 1)) (call $bag (i32.const 2)))))
  (core instance $main (instantiate $main (with "" (instance
    (export "file" (func $file)) (export "bag" (func $bag)) (export "note" (func $note))))))
  (instance (export "test:store/things@0.1.0")
    (export "file" (type $file))
    (export "bag" (type $bag)))
  (func (export "open") (result u32) (canon lift (core func $main "open"))))
