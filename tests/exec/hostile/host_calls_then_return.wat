;; Asks for half a million random numbers, and returns. The host does the work, which counts like operators: whether the
;; call was stopped in time must not decide.
(component
  (import "wasi:random/random@0.2.6" (instance $random
    (export "get-random-u64" (func (result u64)))))
  (core module $main
    (import "" "random" (func $random (result i64)))
    (func (export "work") (local $i i32)
      (loop $next
        (drop (call $random))
        (br_if $next (i32.lt_u
          (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 500000))))))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core instance $main (instantiate $main (with "" (instance (export "random" (func $random))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of time
