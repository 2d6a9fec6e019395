;; Two concurrent calls share the host's random numbers. Getting others than in sequence is not a race.
(component
  (import "wasi:random/random@0.2.6" (instance $r (export "get-random-u64" (func (result u64)))))
  (core func $return (canon task.return (result u64)))
  (core func $get (canon lower (func $r "get-random-u64")))
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
