;; The first call gets a handle to standard output and keeps it for all later calls. Not a leak.
(component
  (import "wasi:io/streams@0.2.6" (instance $streams
    (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (alias outer 1 $output-stream (type $output-stream))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $main
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (global $stdout (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (if (i32.eqz (global.get $stdout))
        (then (global.set $stdout (call $get-stdout))))
      (i32.const 42)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stdout" (func $get-stdout))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
