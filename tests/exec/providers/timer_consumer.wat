;; A WASI resource passes from the provider to the component: both use the same resource, in two versions. The
;; component keeps it, so handles leak.
;;$ --with shop:cart/timer=timer.wat
(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "shop:cart/timer" (instance $timer
    (alias outer 1 $pollable (type $pollable'))
    (export "pollable" (type $pollable (eq $pollable')))
    (export "start" (func (result (own $pollable))))))
  (core func $start (canon lower (func $timer "start")))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core module $main
    (import "" "start" (func $start (result i32)))
    (import "" "block" (func $block (param i32)))
    (func (export "wait")
      (call $block (call $start))))
  (core instance $main (instantiate $main (with "" (instance
    (export "start" (func $start))
    (export "block" (func $block))))))
  (func $wait (canon lift (core func $main "wait")))
  (export "wait" (func $wait)))
;;= wait: reusable_observed 8
;;= warning[handles_grow] calls of `wait` leak handles of `wasi:io/poll pollable` from `wasi:clocks/monotonic-clock@0.2.3#subscribe-duration`, 1 per call: 2008 after 2008 calls; `wait` asks for them
