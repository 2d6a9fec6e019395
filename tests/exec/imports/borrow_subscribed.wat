;; An export drops a borrowed stream, but keeps the pollable that it created from it. The pollable is a leak; the
;; stream belongs to the host and does not count.
(component
  (import "wasi:io/poll@0.2.6" (instance $poll (export "pollable" (type $pollable (sub resource)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $pollable (type $pollable))
    (export "input-stream" (type $stream (sub resource)))
    (export "[method]input-stream.subscribe"
      (func (param "self" (borrow $stream)) (result (own $pollable))))))
  (alias export $streams "input-stream" (type $stream))
  (core func $drop (canon resource.drop $stream))
  (core func $subscribe (canon lower (func $streams "[method]input-stream.subscribe")))
  (core module $main
    (import "" "drop" (func $drop (param i32)))
    (import "" "subscribe" (func $subscribe (param i32) (result i32)))
    (func (export "work") (param $stream i32)
      (drop (call $subscribe (local.get $stream)))
      (call $drop (local.get $stream))))
  (core instance $main (instantiate $main
    (with "" (instance (export "drop" (func $drop)) (export "subscribe" (func $subscribe))))))
  (func (export "work") (param "stream" (borrow $stream)) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
;;= warning[handles_grow] calls of `work` leak handles of `wasi:io/poll pollable` from `wasi:io/streams@0.2.6#[method]input-stream.subscribe`, 1 per call: 2008 after 2008 calls; `work` asks for them; nothing drops or passes on what `wasi:io/streams@0.2.6#[method]input-stream.subscribe` returns
