;; A handle got while instantiating, and one that is got and forgotten in each call.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error-type))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $out (sub resource)))
    (alias outer 1 $error-type (type $e))
    (export "error" (type $e' (eq $e)))
    (type $failed (variant (case "last-operation-failed" (own $e')) (case "closed")))
    (export "stream-error" (type $failed' (eq $failed)))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $out)) (param "contents" (list u8)) (result (result (error $failed')))))))
  (alias export $streams "output-stream" (type $out))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $out (type $o))
    (export "output-stream" (type $o' (eq $o)))
    (export "get-stdout" (func (result (own $o'))))))
  (core func $get (canon lower (func $stdout "get-stdout")))
  (core func $drop (canon resource.drop $out))
  (core module $m
    (import "host" "get" (func $get (result i32)))
    (import "host" "drop" (func $drop (param i32)))
    (memory (export "memory") 1)
    (global $first (mut i32) (i32.const -1))
    (func $start (global.set $first (call $get)))
    (start $start)
    (func (export "forget") (result i32)
      (drop (call $get))
      (drop (call $get))
      (i32.const 1))
    (func (export "release") (result i32)
      ;; The one of the start function: the next call drops it again.
      (call $drop (global.get $first))
      (call $drop (call $get))
      (i32.const 2)))
  (core instance $m (instantiate $m (with "host" (instance
    (export "get" (func $get)) (export "drop" (func $drop))))))
  (func (export "forget") (result u32) (canon lift (core func $m "forget")))
  (func (export "release") (result u32) (canon lift (core func $m "release"))))
