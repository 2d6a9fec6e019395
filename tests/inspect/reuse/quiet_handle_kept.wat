;; Each call needs a network, and the first one gets it for all. The flag and the handle are variables, as in a C library.
(component
  (import "wasi:sockets/network@0.2.6" (instance $network
    (export "network" (type (sub resource)))))
  (alias export $network "network" (type $of))
  (import "wasi:sockets/instance-network@0.2.6" (instance $get
    (alias outer 1 $of (type $of))
    (export "network" (type $network (eq $of)))
    (export "instance-network" (func (result (own $network))))))
  (core func $get (canon lower (func $get "instance-network")))
  (core module $main
    (import "" "instance-network" (func $get (result i32)))
    (memory 1)
    (func $network (result i32)
      (local $handle i32)
      (block $first
        (br_if $first (i32.eqz (i32.load8_u offset=1028 (i32.const 0))))
        (return (i32.load offset=1032 (i32.const 0))))
      (local.set $handle (call $get))
      (i32.store8 offset=1028 (i32.const 0) (i32.const 1))
      (i32.store offset=1032 (i32.const 0) (local.get $handle))
      (local.get $handle))
    (func (export "work") (result i32) (call $network)))
  (core instance $main (instantiate $main
    (with "" (instance (export "instance-network" (func $get))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
