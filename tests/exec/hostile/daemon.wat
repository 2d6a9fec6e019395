;; Reads the clock seventy times, then sleeps for an hour, forever: it reaches its time limit, and is not a deadlock.
(component
  (import "wasi:io/poll@0.2.6" (instance $poll (export "pollable" (type $p (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $p))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
    (alias outer 1 $pollable (type $q'))
    (export "pollable" (type $q (eq $q')))
    (export "now" (func (result u64)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $q))))))
  (core func $now (canon lower (func $clock "now")))
  (core func $sub (canon lower (func $clock "subscribe-duration")))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $drop (canon resource.drop $pollable))
  (core module $m
    (import "" "now" (func $now (result i64)))
    (import "" "sub" (func $sub (param i64) (result i32)))
    (import "" "block" (func $block (param i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (local i32)
      (local.set 0 (i32.const 70))
      (loop $l (drop (call $now)) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0)))
      (loop $w
        (call $block (local.tee 0 (call $sub (i64.const 3600000000000))))
        (call $drop (local.get 0))
        (br $w))))
  (core instance $i (instantiate $m (with "" (instance (export "now" (func $now)) (export "sub" (func $sub)) (export "block" (func $block)) (export "drop" (func $drop))))))
  (func (export "run") (canon lift (core func $i "run"))))
;;= run: unknown
;;= run not seen: budget: the first call reaches its limit of time
