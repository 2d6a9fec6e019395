;; Gets a handle to standard output in each call and never drops it. A leak; the answer stays the same.
(component
  (import "wasi:io/streams@0.2.6" (instance $streams
    (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (alias outer 1 $output-stream (type $output-stream))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $main
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (func (export "work") (result i32)
      (drop (call $get-stdout))
      (i32.const 42)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stdout" (func $get-stdout))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
;;= warning[handles_grow] calls of `work` leak handles of `wasi:io/streams output-stream` from `wasi:cli/stdout@0.2.6#get-stdout`, 1 per call: 2008 after 2008 calls; `work` asks for them; nothing drops or passes on what `wasi:cli/stdout@0.2.6#get-stdout` returns
