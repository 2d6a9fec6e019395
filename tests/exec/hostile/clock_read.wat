;; Returns the time. This is not state of the component: reusable if the host resets its clock for each
;; call.
(component
  (import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
    (export "now" (func (result u64)))))
  (core module $main
    (import "" "now" (func $now (result i64)))
    (func (export "now") (result i64) (call $now)))
  (core func $now (canon lower (func $clock "now")))
  (core instance $main (instantiate $main (with "" (instance (export "now" (func $now))))))
  (func (export "now") (result u64) (canon lift (core func $main "now"))))
;;= now: reusable_observed 8
