;; An export takes borrowed handles of an application resource and of a WASI resource, uses them and drops them. The
;; host lends them: reusable, no leak, and no internal error of the engine.
(component
  (import "shop:db/types@1.0.0" (instance $types
    (export "conn" (type $conn (sub resource)))
    (export "[method]conn.id" (func (param "self" (borrow $conn)) (result u32)))))
  (import "wasi:io/poll@0.2.6" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.ready" (func (param "self" (borrow $pollable)) (result bool)))))
  (alias export $types "conn" (type $conn))
  (alias export $poll "pollable" (type $pollable))
  (core func $drop-conn (canon resource.drop $conn))
  (core func $drop-pollable (canon resource.drop $pollable))
  (core func $id (canon lower (func $types "[method]conn.id")))
  (core func $ready (canon lower (func $poll "[method]pollable.ready")))
  (core module $main
    (import "" "drop-conn" (func $drop-conn (param i32)))
    (import "" "drop-pollable" (func $drop-pollable (param i32)))
    (import "" "id" (func $id (param i32) (result i32)))
    (import "" "ready" (func $ready (param i32) (result i32)))
    (func (export "work") (param $conn i32) (param $pollable i32) (result i32)
      (i32.add (call $id (local.get $conn)) (call $ready (local.get $pollable)))
      (call $drop-conn (local.get $conn))
      (call $drop-pollable (local.get $pollable))))
  (core instance $main (instantiate $main (with "" (instance
    (export "drop-conn" (func $drop-conn)) (export "drop-pollable" (func $drop-pollable))
    (export "id" (func $id)) (export "ready" (func $ready))))))
  (func (export "work") (param "conn" (borrow $conn)) (param "pollable" (borrow $pollable)) (result u32)
    (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
