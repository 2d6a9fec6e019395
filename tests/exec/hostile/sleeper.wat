;; Sleeps for one hour on the clock of WASI 0.2, then returns. With a virtual clock it returns at once.
;; Reusable.
(component
  (import "wasi:io/poll@0.2.6" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
    (alias outer 1 $pollable (type $pollable))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (core module $main
    (import "" "subscribe" (func $subscribe (param i64) (result i32)))
    (import "" "block" (func $block (param i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work") (result i32)
      (local $pollable i32)
      (local.set $pollable (call $subscribe (i64.const 3_600_000_000_000)))
      (call $block (local.get $pollable))
      (call $drop (local.get $pollable))
      (i32.const 42)))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $drop (canon resource.drop $pollable))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "subscribe" (func $subscribe))
      (export "block" (func $block))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
