;; A provider that returns a WASI resource, of which it uses a newer version than the component.
(component
  (import "wasi:io/poll@0.2.3" (instance $poll
    (export "pollable" (type (sub resource)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.3" (instance $clock
    (alias outer 1 $pollable (type $pollable'))
    (export "pollable" (type $pollable (eq $pollable')))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core module $main
    (import "" "subscribe" (func $subscribe (param i64) (result i32)))
    (func (export "start") (result i32)
      (call $subscribe (i64.const 1000))))
  (core instance $main (instantiate $main
    (with "" (instance (export "subscribe" (func $subscribe))))))
  (func $start (result (own $pollable)) (canon lift (core func $main "start")))
  (component $timer
    (import "pollable" (type $pollable (sub resource)))
    (import "start" (func $start (result (own $pollable))))
    (export $pollable' "pollable" (type $pollable))
    (export "start" (func $start) (func (result (own $pollable')))))
  (instance $timer (instantiate $timer
    (with "pollable" (type $pollable))
    (with "start" (func $start))))
  (export "shop:cart/timer" (instance $timer)))
;;= shop:cart/timer#start: reusable_observed 8
