;; Each call creates a waitable set and never drops it. A leak of one handle per call; the answer stays the same.
(component
  (core func $return (canon task.return (result u32)))
  (core func $new (canon waitable-set.new))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "new" (func $new (result i32)))
    (func (export "work") (result i32)
      (drop (call $new))
      (call $return (i32.const 42))
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "new" (func $new))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: reusable_observed 8
;;= warning[handles_grow] calls of `work` leak tasks, waitable sets or streams, 1 per call: 2008 after 2008 calls; `work` asks for them
