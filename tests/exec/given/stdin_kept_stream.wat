;; Opens standard input once, keeps the stream, and reads it to its end in each call: 13 bytes each time, because each
;; call finds all of the provided input. Reusable.
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
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "get-stdin" (func $get-stdin (result i32)))
    (import "" "read" (func $read (param i32 i64 i32)))
    (global $stdin (mut i32) (i32.const 0))
    (func (export "count") (result i32)
      (local $count i32)
      (if (i32.eqz (global.get $stdin)) (then (global.set $stdin (call $get-stdin))))
      (loop $more
        (call $read (global.get $stdin) (i64.const 5) (i32.const 16))
        (if (i32.eqz (i32.load8_u (i32.const 16))) (then
          (local.set $count (i32.add (local.get $count) (i32.load (i32.const 24))))
          (br $more))))
      (if (i32.ne (local.get $count) (i32.const 13)) (then unreachable))
      (local.get $count)))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "get-stdin" (func $get-stdin))
      (export "read" (func $read))))))
  (func (export "count") (result u32) (canon lift (core func $main "count"))))
;;= count: reusable_observed 8
