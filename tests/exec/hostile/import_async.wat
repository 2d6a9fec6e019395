;; Calls an async import, and imports that return a future and a stream, both of which it drops unread. The answer is
;; the status of the async call: 2 if the host returned at once. Reusable.
(component
  (import "example:host/later" (instance $later
    (export "call" (func async (param "value" u32) (result u32)))
    (export "future" (func (result (future u32))))
    (export "stream" (func (result (stream u8))))))
  (type $future (future u32))
  (type $stream (stream u8))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $call (canon lower (func $later "call") async (memory (core memory $memory "memory"))))
  (core func $future (canon lower (func $later "future")))
  (core func $stream (canon lower (func $later "stream")))
  (core func $drop-future (canon future.drop-readable $future))
  (core func $drop-stream (canon stream.drop-readable $stream))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "call" (func $call (param i32 i32) (result i32)))
    (import "" "future" (func $future (result i32)))
    (import "" "stream" (func $stream (result i32)))
    (import "" "drop-future" (func $drop-future (param i32)))
    (import "" "drop-stream" (func $drop-stream (param i32)))
    (import "" "return" (func $return (param i32)))
    (func (export "work") (result i32)
      (call $drop-future (call $future))
      (call $drop-stream (call $stream))
      (call $return (i32.and (call $call (i32.const 1) (i32.const 16)) (i32.const 15)))
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "call" (func $call))
      (export "future" (func $future))
      (export "stream" (func $stream))
      (export "drop-future" (func $drop-future))
      (export "drop-stream" (func $drop-stream))
      (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: unknown
;;= work not seen: missing-import: an import returns a future, which cannot be stubbed
