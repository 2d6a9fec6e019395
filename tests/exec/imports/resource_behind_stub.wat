;; A resource that `open` returns only if the host has something of the name: the stub first returns nothing, but if a
;; resource depends on it, something.
(component
  (import "app:files/names@1.0.0" (instance $names
    (export "find" (func (result (option u32))))))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $find (canon lower (func $names "find") (memory (core memory $memory "memory"))))
  (type $file (resource (rep i32)))
  (core func $new (canon resource.new $file))
  (core module $main
    (import "m" "memory" (memory 1))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "find" (func $find (param i32)))
    (func (export "open") (result i32)
      (call $find (i32.const 16))
      (i32.store (i32.const 32) (i32.load8_u (i32.const 16)))
      (if (i32.load8_u (i32.const 16))
        (then (i32.store (i32.const 36) (call $new (i32.const 7)))))
      (i32.const 32))
    (func (export "size") (param i32) (result i32) (local.get 0)))
  (core instance $main (instantiate $main
    (with "m" (instance $memory))
    (with "" (instance (export "new" (func $new)) (export "find" (func $find))))))
  (func $open (result (option (own $file))) (canon lift (core func $main "open")
    (memory (core memory $memory "memory"))))
  (func $size (param "self" (borrow $file)) (result u32) (canon lift (core func $main "size")))
  (component $api
    (import "file" (type $file (sub resource)))
    (import "open" (func $open (result (option (own $file)))))
    (import "size" (func $size (param "self" (borrow $file)) (result u32)))
    (export $f "file" (type $file))
    (export "open" (func $open) (func (result (option (own $f)))))
    (export "[method]file.size" (func $size) (func (param "self" (borrow $f)) (result u32))))
  (instance $api (instantiate $api
    (with "file" (type $file)) (with "open" (func $open)) (with "size" (func $size))))
  (export "app:files/files@1.0.0" (instance $api)))
;;= app:files/files@1.0.0#open: reusable_observed 8
;;= app:files/files@1.0.0#[method]file.size: reusable_observed 8
