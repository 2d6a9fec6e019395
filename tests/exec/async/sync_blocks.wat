;; An export that is not async waits on a waitable set: each call, on any instance, traps (cannot block a synchronous
;; task before returning). The first call fails.
(component
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $new (canon waitable-set.new))
  (core func $wait (canon waitable-set.wait (memory (core memory $memory "memory"))))
  (core module $main
    (import "" "new" (func $new (result i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (func (export "work") (result i32)
      (call $wait (call $new) (i32.const 16))))
  (core instance $main (instantiate $main
    (with "" (instance (export "new" (func $new)) (export "wait" (func $wait))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (cannot block a synchronous task before returning) on a fresh instance
