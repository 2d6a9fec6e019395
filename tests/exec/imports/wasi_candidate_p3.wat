;; Imports a release candidate of WASI 0.3. Its random numbers come from the host: two of them differ.
(component
  (import "wasi:random/random@0.3.0-rc-2025-09-16" (instance $random
    (export "get-random-u64" (func (result u64)))))
  (core func $number (canon lower (func $random "get-random-u64")))
  (core module $main
    (import "" "number" (func $number (result i64)))
    (func (export "work") (result i64) (local $number i64)
      (local.set $number (call $number))
      (if (i64.eq (local.get $number) (call $number)) (then (unreachable)))
      (local.get $number)))
  (core instance $main (instantiate $main
    (with "" (instance (export "number" (func $number))))))
  (func (export "work") (result u64) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
