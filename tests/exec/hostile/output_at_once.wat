;; Passes 32 MiB to blocking-write-and-flush in one call, which takes at most 4096 bytes: a trap of the host, on any
;; instance. The first call fails.
(component
  (import "wasi:io/error@0.2.6" (instance $error
    (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $error (type $error))
    (export "output-stream" (type $output-stream (sub resource)))
    (type $failure (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $failure)))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8))
      (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (alias outer 1 $output-stream (type $output-stream))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $memory (memory (export "memory") 513))
  (core module $main
    (import "" "memory" (memory 513))
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (import "" "write" (func $write (param i32 i32 i32 i32)))
    (func (export "work")
      (local $stdout i32)
      (local.set $stdout (call $get-stdout))
      (call $write (local.get $stdout) (i32.const 0) (i32.const 33554432) (i32.const 33554432))))
  (core instance $memory (instantiate $memory))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower
    (func $streams "[method]output-stream.blocking-write-and-flush") (memory (core memory $memory "memory"))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (Buffer too large for blocking-write-and-flush (expected at most 4096)) on a fresh instance
