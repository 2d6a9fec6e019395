;; Calls a function that its own component lifts, by a lowered import. wasmtime: cannot enter component instance.
(component
  (core module $provider
    (func (export "add") (param i32 i32) (result i32)
      (i32.add (local.get 0) (local.get 1))))
  (core instance $provider (instantiate $provider))
  (func $add (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $provider "add")))
  (core func $lowered (canon lower (func $add)))
  (core module $user
    (import "host" "add" (func $add (param i32 i32) (result i32)))
    (func (export "sum") (param i32 i32) (result i32)
      (call $add (local.get 0) (local.get 1)))
    (func (export "first") (param i32 i32) (result i32)
      (local.get 0)))
  (core instance $user (instantiate $user
    (with "host" (instance (export "add" (func $lowered))))))
  (func (export "sum") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $user "sum")))
  (func (export "first") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $user "first"))))
