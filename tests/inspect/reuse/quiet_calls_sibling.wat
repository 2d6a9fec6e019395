;; One component calls another beside it.
(component
  (component $provider
    (core module $main
      (func (export "add") (param i32 i32) (result i32)
        (i32.add (local.get 0) (local.get 1))))
    (core instance $main (instantiate $main))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32)
      (canon lift (core func $main "add"))))
  (component $user
    (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
    (core func $lowered (canon lower (func $add)))
    (core module $main
      (import "host" "add" (func $add (param i32 i32) (result i32)))
      (func (export "sum") (param i32 i32) (result i32)
        (call $add (local.get 0) (local.get 1))))
    (core instance $main (instantiate $main
      (with "host" (instance (export "add" (func $lowered))))))
    (func (export "sum") (param "a" u32) (param "b" u32) (result u32)
      (canon lift (core func $main "sum"))))
  (instance $provider (instantiate $provider))
  (instance $user (instantiate $user (with "add" (func $provider "add"))))
  (export "sum" (func $user "sum")))
