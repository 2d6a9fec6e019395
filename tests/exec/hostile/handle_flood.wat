;; Gets a handle to standard output in an endless loop and never drops one. The limit on handles must hold.
(component
  (import "wasi:io/streams@0.2.6" (instance $streams
    (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (alias outer 1 $output-stream (type $output-stream))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $main
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (func (export "work")
      (loop $for-ever
        (drop (call $get-stdout))
        (br $for-ever))))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stdout" (func $get-stdout))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of handles
