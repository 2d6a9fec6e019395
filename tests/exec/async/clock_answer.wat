;; Two concurrent calls share the clock of the host. That one is later than the other is not a race.
(component
  (import "wasi:clocks/monotonic-clock@0.2.6" (instance $r (export "now" (func (result u64)))))
  (core func $return (canon task.return (result u64)))
  (core func $get (canon lower (func $r "now")))
  (core module $main
    (import "" "return" (func $return (param i64)))
    (import "" "get" (func $get (result i64)))
    (func (export "f") (result i32)
      (call $return (call $get))
      (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32)
      (i32.const 0)))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return)) (export "get" (func $get))))))
  (func (export "f") async (result u64)
    (canon lift (core func $main "f") async (callback (core func $main "callback")))))
;;= f: reusable_observed 8
