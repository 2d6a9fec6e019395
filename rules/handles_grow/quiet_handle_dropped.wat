;; Gets a handle to standard output in each call and drops it again. Reusable, no leak.
(component
  (import "wasi:io/streams@0.2.6" (instance $streams
    (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (alias outer 1 $output-stream (type $output-stream))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $main
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work") (result i32)
      (call $drop (call $get-stdout))
      (i32.const 42)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $drop (canon resource.drop $output-stream))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "get-stdout" (func $get-stdout))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
