;; Blocks on standard input, which is empty and so ready at once, then returns. Reusable.
(component
  (import "wasi:io/poll@0.2.6" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $pollable (type $pollable))
    (export "input-stream" (type $input-stream (sub resource)))
    (export "[method]input-stream.subscribe" (func
      (param "self" (borrow $input-stream)) (result (own $pollable))))))
  (alias export $streams "input-stream" (type $input-stream))
  (import "wasi:cli/stdin@0.2.6" (instance $stdin
    (alias outer 1 $input-stream (type $input-stream))
    (export "get-stdin" (func (result (own $input-stream))))))
  (core module $main
    (import "" "get-stdin" (func $get-stdin (result i32)))
    (import "" "subscribe" (func $subscribe (param i32) (result i32)))
    (import "" "block" (func $block (param i32)))
    (import "" "drop-pollable" (func $drop-pollable (param i32)))
    (import "" "drop-stream" (func $drop-stream (param i32)))
    (func (export "work") (result i32)
      (local $stdin i32)
      (local $pollable i32)
      (local.set $stdin (call $get-stdin))
      (local.set $pollable (call $subscribe (local.get $stdin)))
      (call $block (local.get $pollable))
      (call $drop-pollable (local.get $pollable))
      (call $drop-stream (local.get $stdin))
      (i32.const 42)))
  (core func $get-stdin (canon lower (func $stdin "get-stdin")))
  (core func $subscribe (canon lower (func $streams "[method]input-stream.subscribe")))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $drop-pollable (canon resource.drop $pollable))
  (core func $drop-stream (canon resource.drop $input-stream))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "get-stdin" (func $get-stdin))
      (export "subscribe" (func $subscribe))
      (export "block" (func $block))
      (export "drop-pollable" (func $drop-pollable))
      (export "drop-stream" (func $drop-stream))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
