;; The instance keeps a generator that it seeds with the host's random numbers: a later call returns a later number,
;; which is not reported. `ticket` also counts, and that is reported.
(component
  (import "wasi:random/random@0.2.0" (instance $random
    (export "get-random-u64" (func (result u64)))))
  (core func $seed (canon lower (func $random "get-random-u64")))
  (core module $main
    (import "" "seed" (func $seed (result i64)))
    (memory (export "memory") 1)
    (global $state (mut i64) (i64.const 0))
    (global $count (mut i32) (i32.const 0))
    (func $next (export "id") (result i64)
      (if (i64.eqz (global.get $state)) (then (global.set $state (call $seed))))
      (global.set $state (i64.mul (global.get $state) (i64.const 6364136223846793005)))
      (global.get $state))
    (func (export "ticket") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (i64.store (i32.const 0) (call $next))
      (i32.store (i32.const 8) (global.get $count))
      (i32.const 0)))
  (core instance $main (instantiate $main (with "" (instance (export "seed" (func $seed))))))
  (func (export "id") (result u64) (canon lift (core func $main "id")))
  (func (export "ticket") (result (tuple u64 u32))
    (canon lift (core func $main "ticket") (memory (core memory $main "memory")))))
;;= id: reusable_observed 8
;;= ticket: stateful
;;= warning[answers_change] call 2 of `ticket` on the same instance answers `(6500479399824267476, 2)`, where a fresh instance answers `(12315827269527543972, 1)`
;;=   because `state`: 0 before call 1, 0xaaea9ba64b4220a4 after; `count`: 0, then 1; with them put back, call 2 answers as a fresh instance does
