;; A test that has nothing to do with the handle skips the call that gets it, and a count of calls is kept.
(component
  (import "wasi:cli/stderr@0.2.6" (instance $stderr
    (export "output-stream" (type $stream (sub resource)))
    (export "get-stderr" (func (result (own $stream))))))
  (core func $get (canon lower (func $stderr "get-stderr")))
  (core module $main
    (import "" "get-stderr" (func $get (result i32)))
    (memory 1)
    (func $complain (result i32) (call $get))
    (func (export "work") (param $valid i32) (result i32)
      (local $stream i32)
      (if (i32.eqz (local.get $valid))
        (then (local.set $stream (call $complain))))
      (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
      (local.get $stream)))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stderr" (func $get))))))
  (func (export "work") (param "valid" bool) (result u32)
    (canon lift (core func $main "work"))))
