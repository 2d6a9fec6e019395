;; Reads standard input of WASI 0.3 and returns the number of bytes: always four, also in two concurrent calls.
;; Reusable.
(component
  (import "wasi:cli/types@0.3.0" (instance $types
    (type $code (enum "io" "illegal-byte-sequence" "pipe"))
    (export "error-code" (type (eq $code)))))
  (alias export $types "error-code" (type $error-code))
  (import "wasi:cli/stdin@0.3.0" (instance $stdin
    (alias outer 1 $error-code (type $outer))
    (export "error-code" (type $error-code (eq $outer)))
    (export "read-via-stream" (func
      (result (tuple (stream u8) (future (result (error $error-code)))))))))
  (type $bytes (stream u8))
  (type $ended (future (result (error $error-code))))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (core func $read (canon lower (func $stdin "read-via-stream") (memory (core memory $m))))
  (core func $get (canon stream.read $bytes (memory (core memory $m))))
  (core func $leave (canon stream.drop-readable $bytes))
  (core func $ended (canon future.read $ended (memory (core memory $m))))
  (core func $forget (canon future.drop-readable $ended))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "read" (func $read (param i32)))
    (import "" "get" (func $get (param i32 i32 i32) (result i32)))
    (import "" "leave" (func $leave (param i32)))
    (import "" "ended" (func $ended (param i32 i32) (result i32)))
    (import "" "forget" (func $forget (param i32)))
    (func (export "count") (result i32)
      (local $stream i32) (local $end i32) (local $answer i32)
      (call $read (i32.const 16))
      (local.set $stream (i32.load (i32.const 16)))
      (local.set $end (i32.load (i32.const 20)))
      (local.set $answer (i32.shr_u
        (call $get (local.get $stream) (i32.const 256) (i32.const 64)) (i32.const 4)))
      (if (i32.ne (local.get $answer) (i32.const 4)) (then unreachable))
      ;; The stream is at its end: nothing more, and dropped.
      (if (i32.ne (call $get (local.get $stream) (i32.const 256) (i32.const 64)) (i32.const 1))
        (then unreachable))
      (call $leave (local.get $stream))
      (if (call $ended (local.get $end) (i32.const 64)) (then unreachable))
      (if (i32.load8_u (i32.const 64)) (then unreachable))
      (call $forget (local.get $end))
      (local.get $answer)))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $m))
      (export "read" (func $read))
      (export "get" (func $get))
      (export "leave" (func $leave))
      (export "ended" (func $ended))
      (export "forget" (func $forget))))))
  (func (export "count") async (result u32) (canon lift (core func $main "count"))))
;;= count: reusable_observed 8
