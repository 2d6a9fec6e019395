;; Asks for random numbers in an endless loop. Each is the host's work and not the guest's; calls of the host must come to
;; an end as operators do.
(component
  (import "wasi:random/random@0.2.6" (instance $random
    (export "get-random-u64" (func (result u64)))))
  (core module $main
    (import "" "random" (func $random (result i64)))
    (func (export "work")
      (loop $for-ever (drop (call $random)) (br $for-ever))))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core instance $main (instantiate $main (with "" (instance (export "random" (func $random))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of time
