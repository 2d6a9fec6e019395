;; The handler of greet.wat, fixed: it keeps an existing index.
(component
  (import "wasi:http/types@0.3.0" (instance $types
    (export "request" (type (sub resource)))
    (export "response" (type (sub resource)))))
  (alias export $types "request" (type $request))
  (alias export $types "response" (type $response))
  (core func $drop_request (canon resource.drop $request))
  (core instance $host (export "drop-request" (func $drop_request)))
  (core module $main
    (import "host" "drop-request" (func $drop_request (param i32)))
    (memory (export "memory") 1)
    (func $build_index
      i32.const 1024
      i32.load
      if
        return
      end
      i32.const 1024
      i32.const 1
      i32.store)
    (func (export "handle") (param $request i32) (result i32)
      call $build_index
      local.get $request
      call $drop_request
      i32.const 2048
      i32.const 1
      i32.store8
      i32.const 2048))
  (core instance $main (instantiate $main (with "host" (instance $host))))
  (alias core export $main "memory" (core memory $memory))
  (func $handle (param "request" (own $request)) (result (result (own $response)))
    (canon lift (core func $main "handle") (memory $memory)))
  (component $handler
    (import "request" (type $request (sub resource)))
    (import "response" (type $response (sub resource)))
    (import "handle" (func $handle
      (param "request" (own $request)) (result (result (own $response)))))
    (export $exported-request "request" (type $request))
    (export $exported-response "response" (type $response))
    (export "handle" (func $handle)
      (func (param "request" (own $exported-request))
        (result (result (own $exported-response))))))
  (instance $handler (instantiate $handler
    (with "request" (type $request))
    (with "response" (type $response))
    (with "handle" (func $handle))))
  (export "wasi:http/handler@0.3.0" (instance $handler)))
