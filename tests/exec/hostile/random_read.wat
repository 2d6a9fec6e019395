;; Returns eight random bytes. This is not state of the component: reusable if the host restarts its random numbers for
;; each call.
(component
  (import "wasi:random/random@0.2.6" (instance $random
    (export "get-random-u64" (func (result u64)))))
  (core module $main
    (import "" "random" (func $random (result i64)))
    (func (export "random") (result i64) (call $random)))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core instance $main (instantiate $main (with "" (instance (export "random" (func $random))))))
  (func (export "random") (result u64) (canon lift (core func $main "random"))))
;;= random: reusable_observed 8
