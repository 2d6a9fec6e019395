;; The start function seeds a generator, and `roll` returns its next number: this state is not reported.
(component
  (import "wasi:random/random@0.2.6" (instance $r (export "get-random-u64" (func (result u64)))))
  (core func $get (canon lower (func $r "get-random-u64")))
  (core module $m
    (import "" "get" (func $get (result i64)))
    (global $s (mut i64) (i64.const 0))
    (func $start (global.set $s (call $get)))
    (start $start)
    (func (export "setup") (global.set $s (call $get)))
    (func (export "roll") (result i64)
      (global.set $s (i64.add (i64.mul (global.get $s) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
      (global.get $s)))
  (core instance $i (instantiate $m (with "" (instance (export "get" (func $get))))))
  (func (export "setup") (canon lift (core func $i "setup")))
  (func (export "roll") (result u64) (canon lift (core func $i "roll"))))
;;= setup: reusable_observed 8
;;= roll: reusable_observed 8
