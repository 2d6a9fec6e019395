;; Gets a random seed in the first call and keeps it; each answer is that seed times the argument, like a hash.
;; Reusable if the host restarts its random numbers for each call.
(component
  (import "wasi:random/insecure-seed@0.2.6" (instance $seed
    (export "insecure-seed" (func (result (tuple u64 u64))))))
  (core module $memory (memory (export "memory") 1))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "seed" (func $seed (param i32)))
    (global $seeded (mut i32) (i32.const 0))
    (func (export "hash") (param i64) (result i64)
      (if (i32.eqz (global.get $seeded))
        (then
          (call $seed (i32.const 16))
          (global.set $seeded (i32.const 1))))
      (i64.mul (i64.load (i32.const 16)) (local.get 0))))
  (core instance $memory (instantiate $memory))
  (core func $seed (canon lower (func $seed "insecure-seed") (memory (core memory $memory "memory"))))
  (core instance $main (instantiate $main
    (with "" (instance (export "memory" (memory $memory "memory")) (export "seed" (func $seed))))))
  (func (export "hash") (param "value" u64) (result u64) (canon lift (core func $main "hash"))))
;;= hash: reusable_observed 8
