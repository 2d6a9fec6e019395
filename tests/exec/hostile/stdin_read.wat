;; Reads standard input, which is empty, and returns whether the read failed: true, because the stream is closed. The
;; same on each instance. Reusable.
(component
  (import "wasi:io/error@0.2.6" (instance $error
    (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $error (type $error))
    (export "input-stream" (type $input-stream (sub resource)))
    (type $failure (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $failure)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $input-stream)) (param "len" u64)
      (result (result (list u8) (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input-stream))
  (import "wasi:cli/stdin@0.2.6" (instance $stdin
    (alias outer 1 $input-stream (type $input-stream))
    (export "get-stdin" (func (result (own $input-stream))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $get-stdin (canon lower (func $stdin "get-stdin")))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $drop (canon resource.drop $input-stream))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "get-stdin" (func $get-stdin (result i32)))
    (import "" "read" (func $read (param i32 i64 i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "failed") (result i32)
      (local $stdin i32)
      (local.set $stdin (call $get-stdin))
      (call $read (local.get $stdin) (i64.const 16) (i32.const 16))
      (call $drop (local.get $stdin))
      (i32.load8_u (i32.const 16))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "get-stdin" (func $get-stdin))
      (export "read" (func $read))
      (export "drop" (func $drop))))))
  (func (export "failed") (result bool) (canon lift (core func $main "failed"))))
;;= failed: reusable_observed 8
