;; An interface of a resource, whose names are longer than a narrow column.
(component
  (core module $main
    (func (export "take") (param i32))
    (func (export "count") (param i32 i64) (result i64) local.get 1)
    (func (export "poll") (result i32) i32.const 0))
  (core instance $main (instantiate $main))
  (type $response (resource (rep i32)))
  (func $take (param "self" (borrow $response)) (canon lift (core func $main "take")))
  (func $count (param "self" (borrow $response)) (param "at-most" u64) (result u64)
    (canon lift (core func $main "count")))
  (func $poll (result u32) (canon lift (core func $main "poll")))
  (component $interface
    (import "response" (type $response (sub resource)))
    (import "take" (func $take (param "self" (borrow $response))))
    (import "count" (func $count (param "self" (borrow $response)) (param "at-most" u64) (result u64)))
    (import "poll" (func $poll (result u32)))
    (export $exported "lookup-response" (type $response))
    (export "[method]lookup-response.take-body-bytes-and-trailers" (func $take)
      (func (param "self" (borrow $exported))))
    (export "[method]lookup-response.count" (func $count)
      (func (param "self" (borrow $exported)) (param "at-most" u64) (result u64)))
    (export "poll" (func $poll)))
  (instance $interface (instantiate $interface
    (with "response" (type $response))
    (with "take" (func $take))
    (with "count" (func $count))
    (with "poll" (func $poll))))
  (export "store:lookup/responses@1.0.0" (instance $interface)))
