;; Answers with the time. It is no state of the component: reusable when the host sets its clock back for
;; each call.
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
