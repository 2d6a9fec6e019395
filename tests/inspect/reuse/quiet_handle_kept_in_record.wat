;; The handle is kept in a record, of which a pointer is known. A callee makes the record's part, and it is copied there.
(component
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (export "output-stream" (type $stream (sub resource)))
    (export "get-stdout" (func (result (own $stream))))))
  (core func $get (canon lower (func $stdout "get-stdout")))
  (core module $main
    (import "" "get-stdout" (func $get (result i32)))
    (memory 1)
    (global $stack (mut i32) (i32.const 4096))
    (global $state (mut i32) (i32.const 8192))
    (func $make (param $to i32)
      (i32.store offset=4 (local.get $to) (call $get))
      (i32.store (local.get $to) (i32.const 1)))
    (func $stream (param $state i32) (result i32)
      (local $frame i32)
      (global.set $stack (local.tee $frame (i32.sub (global.get $stack) (i32.const 16))))
      (if (i32.ne (i32.load offset=24 (local.get $state)) (i32.const 1))
        (then
          (call $make (local.get $frame))
          (memory.copy (i32.add (local.get $state) (i32.const 24)) (local.get $frame)
            (i32.const 8))))
      (global.set $stack (i32.add (local.get $frame) (i32.const 16)))
      (i32.load offset=28 (local.get $state)))
    (func (export "work") (result i32) (call $stream (global.get $state))))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stdout" (func $get))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
