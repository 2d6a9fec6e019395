;; Imports a release candidate of WASI with a function that the release does not have. The others run on the host: the
;; clock advances from call to call, and `subscribe-duration` returns a pollable that `wasi:io/poll` accepts.
(component
  (import "wasi:io/poll@0.2.0-rc-2023-12-05" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0-rc-2023-12-05" (instance $clock
    (alias outer 1 $pollable (type $outer))
    (export "pollable" (type $pollable (eq $outer)))
    (export "now" (func (result u64)))
    (export "elapsed" (func (result u64)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (core func $drop (canon resource.drop $pollable))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $now (canon lower (func $clock "now")))
  (core func $elapsed (canon lower (func $clock "elapsed")))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core module $main
    (import "" "drop" (func $drop (param i32)))
    (import "" "block" (func $block (param i32)))
    (import "" "now" (func $now (result i64)))
    (import "" "elapsed" (func $elapsed (result i64)))
    (import "" "subscribe" (func $subscribe (param i64) (result i32)))
    (func (export "waits") (result i64) (local $from i64) (local $pollable i32)
      (local.set $from (call $now))
      (local.set $pollable (call $subscribe (i64.const 5000000000)))
      (call $block (local.get $pollable))
      (call $drop (local.get $pollable))
      (if (i64.lt_u (i64.sub (call $now) (local.get $from)) (i64.const 5000000000))
        (then (unreachable)))
      (call $elapsed)))
  (core instance $main (instantiate $main (with "" (instance
    (export "drop" (func $drop)) (export "block" (func $block)) (export "now" (func $now))
    (export "elapsed" (func $elapsed)) (export "subscribe" (func $subscribe))))))
  (func (export "waits") (result u64) (canon lift (core func $main "waits"))))
;;= waits: reusable_observed 8
