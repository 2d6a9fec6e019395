;; Each call makes a waitable set, a stream and perhaps a subtask. No export drops any.
(component
  (import "nap" (func $nap async))
  (type $bytes (stream u8))
  (core func $return (canon task.return))
  (core func $set (canon waitable-set.new))
  (core func $stream (canon stream.new $bytes))
  (core func $nap (canon lower (func $nap) async))
  (core module $main
    (import "" "set" (func $set (result i32)))
    (import "" "stream" (func $stream (result i64)))
    (import "" "nap" (func $nap (result i32)))
    (import "" "return" (func $return))
    (func (export "work")
      (drop (call $set))
      (drop (call $stream))
      (drop (call $nap))
      (call $return)))
  (core instance $main (instantiate $main (with "" (instance
    (export "set" (func $set)) (export "stream" (func $stream)) (export "nap" (func $nap))
    (export "return" (func $return))))))
  (func (export "work") async (canon lift (core func $main "work") async)))
