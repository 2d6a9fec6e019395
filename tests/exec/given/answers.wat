;; Calls a shop four times for its stock, and the host for a random number. The user provides the answers of both: 30,
;; 4 and then an error, and 700. They restart with each call, so each gets the same. Reusable; no import is stubbed.
(component
  (import "shop:cart/stock@1.0.0" (instance $stock
    (export "left" (func (param "id" u32) (result (result u32 (error string)))))))
  (import "wasi:random/random@0.2.6" (instance $random
    (export "get-random-u64" (func (result u64)))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $left (canon lower (func $stock "left")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "left" (func $left (param i32 i32)))
    (import "" "random" (func $random (result i64)))
    (func (export "sum") (result i32)
      (local $sum i32)
      (local.set $sum (i32.add (call $stock) (call $stock)))
      (call $sold-out)
      (call $sold-out)
      (local.set $sum (i32.add (local.get $sum) (i32.wrap_i64 (call $random))))
      (if (i32.ne (local.get $sum) (i32.const 734)) (then unreachable))
      (local.get $sum))
    (func $stock (result i32)
      (call $left (i32.const 1) (i32.const 16))
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (i32.load (i32.const 20)))
    (func $sold-out
      (call $left (i32.const 1) (i32.const 16))
      (if (i32.eqz (i32.load8_u (i32.const 16))) (then unreachable))
      (if (i32.ne (i32.load (i32.const 24)) (i32.const 8)) (then unreachable))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "left" (func $left))
      (export "random" (func $random))))))
  (func (export "sum") (result u32) (canon lift (core func $main "sum"))))
;;= sum: reusable_observed 8
