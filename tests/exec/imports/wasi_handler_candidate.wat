;; An HTTP handler for a release candidate of WASI whose errors have another shape. `response-outparam.set` is stubbed
;; for that reason; its answer arrives nevertheless.
(component
  (import "wasi:http/types@0.2.0-rc-2023-12-05" (instance $types
    (export "fields" (type $fields (sub resource)))
    (export "incoming-request" (type $request (sub resource)))
    (export "outgoing-response" (type $response (sub resource)))
    (export "response-outparam" (type $outparam (sub resource)))
    (type $errors (enum "unexpected"))
    (export "error-code" (type $error (eq $errors)))
    (export "[constructor]fields" (func (result (own $fields))))
    (export "[constructor]outgoing-response"
      (func (param "headers" (own $fields)) (result (own $response))))
    (export "[static]response-outparam.set"
      (func (param "param" (own $outparam)) (param "response" (result (own $response) (error $error)))))))
  (alias export $types "incoming-request" (type $request))
  (alias export $types "response-outparam" (type $outparam))
  (core func $fields (canon lower (func $types "[constructor]fields")))
  (core func $response (canon lower (func $types "[constructor]outgoing-response")))
  (core func $set (canon lower (func $types "[static]response-outparam.set")))
  (core func $drop (canon resource.drop $request))
  (core module $main
    (import "" "fields" (func $fields (result i32)))
    (import "" "response" (func $response (param i32) (result i32)))
    (import "" "set" (func $set (param i32 i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "handle") (param $request i32) (param $outparam i32)
      (call $drop (local.get $request))
      (call $set (local.get $outparam) (i32.const 0) (call $response (call $fields)))))
  (core instance $main (instantiate $main (with "" (instance
    (export "fields" (func $fields)) (export "response" (func $response))
    (export "set" (func $set)) (export "drop" (func $drop))))))
  (func $handle (param "request" (own $request)) (param "response-out" (own $outparam))
    (canon lift (core func $main "handle")))
  (instance $handler (export "handle" (func $handle)))
  (export "wasi:http/incoming-handler@0.2.0-rc-2023-12-05" (instance $handler)))
;;= wasi:http/incoming-handler@0.2.0-rc-2023-12-05#handle: reusable_observed 8
