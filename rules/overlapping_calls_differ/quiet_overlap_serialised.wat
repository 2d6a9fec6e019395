;; Like the race over the number of calls under way, but lifted without `async`: a second call waits until the first
;; has ended, although that one yields. Always 1. Reusable.
(component
  (core func $yield (canon thread.yield))
  (core module $main
    (import "" "yield" (func $yield (result i32)))
    (global $inside (mut i32) (i32.const 0))
    (func (export "inside") (result i32)
      (global.set $inside (i32.add (global.get $inside) (i32.const 1)))
      (drop (call $yield))
      (global.get $inside)
      (global.set $inside (i32.sub (global.get $inside) (i32.const 1)))))
  (core instance $main (instantiate $main (with "" (instance (export "yield" (func $yield))))))
  (func (export "inside") async (result u32)
    (canon lift (core func $main "inside"))))
;;= inside: reusable_observed 8
