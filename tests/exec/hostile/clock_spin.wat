;; Reads the clock until ten seconds have passed. With a virtual clock that stands still this is an endless loop; a
;; clock that advances with each reading ends it.
(component
  (import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
    (export "now" (func (result u64)))))
  (core module $main
    (import "" "now" (func $now (result i64)))
    (func (export "work") (result i32)
      (local $start i64)
      (local.set $start (call $now))
      (loop $wait
        (br_if $wait
          (i64.lt_u (i64.sub (call $now) (local.get $start)) (i64.const 10_000_000_000))))
      (i32.const 42)))
  (core func $now (canon lower (func $clock "now")))
  (core instance $main (instantiate $main (with "" (instance (export "now" (func $now))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
