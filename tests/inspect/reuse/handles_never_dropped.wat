;; Gets a handle in each call. The component has no `resource.drop` of its type, and passes it to nobody.
(component
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (export "output-stream" (type $output-stream (sub resource)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $main
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (func (export "work") (result i32)
      (call $get-stdout)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stdout" (func $get-stdout))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
