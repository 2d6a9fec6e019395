;; Waits on an empty waitable set before it returns: a deadlock in each call, on any instance. The first call fails.
(component
  (core func $new (canon waitable-set.new))
  (core module $main
    (import "" "new" (func $new (result i32)))
    (func (export "work") (result i32)
      (i32.or (i32.const 2) (i32.shl (call $new) (i32.const 4)))) ;; wait
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main (with "" (instance (export "new" (func $new))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (deadlock: nothing it waits for can happen) on a fresh instance
