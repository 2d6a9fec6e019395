;; A command of WASI 0.3 that prints the number of its run through a stream, "1\n", then "2\n", waits until it is
;; printed and returns `ok`. Stateful by its output only.
(component
  (import "wasi:cli/types@0.3.0" (instance $types
    (type $code (enum "io" "illegal-byte-sequence" "pipe"))
    (export "error-code" (type (eq $code)))))
  (alias export $types "error-code" (type $code))
  (import "wasi:cli/stdout@0.3.0" (instance $stdout
    (alias outer 1 $code (type $code'))
    (export "error-code" (type $code (eq $code')))
    (export "write-via-stream" (func
      (param "data" (stream u8)) (result (future (result (error $code))))))))
  (type $bytes (stream u8))
  (type $printed (future (result (error $code))))
  (core module $memory
    (memory (export "memory") 1)
    (data (i32.const 16) "0\n"))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $memory))
  (core func $return (canon task.return (result (result))))
  (core func $get (canon context.get i32 0))
  (core func $set (canon context.set i32 0))
  (core func $print (canon lower (func $stdout "write-via-stream")))
  (core func $new-text (canon stream.new $bytes))
  (core func $write-text (canon stream.write $bytes async (memory $memory)))
  (core func $drop-text (canon stream.drop-writable $bytes))
  (core func $read-printed (canon future.read $printed async (memory $memory)))
  (core func $drop-printed (canon future.drop-readable $printed))
  (core func $new-set (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $drop-set (canon waitable-set.drop))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "return" (func $return (param i32)))
    (import "" "get" (func $get (result i32)))
    (import "" "set" (func $set (param i32)))
    (import "" "print" (func $print (param i32) (result i32)))
    (import "" "new-text" (func $new-text (result i64)))
    (import "" "write-text" (func $write-text (param i32 i32 i32) (result i32)))
    (import "" "drop-text" (func $drop-text (param i32)))
    (import "" "read-printed" (func $read-printed (param i32 i32) (result i32)))
    (import "" "drop-printed" (func $drop-printed (param i32)))
    (import "" "new-set" (func $new-set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "drop-set" (func $drop-set (param i32)))
    (func (export "run") (result i32)
      (local $ends i64)
      (local $text i32)
      (local $printed i32)
      (local $set i32)
      (i32.store8 (i32.const 16) (i32.add (i32.load8_u (i32.const 16)) (i32.const 1)))
      (local.set $ends (call $new-text))
      (local.set $text (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
      (drop (call $write-text (local.get $text) (i32.const 16) (i32.const 2))) ;; nobody reads yet
      (local.set $printed (call $print (i32.wrap_i64 (local.get $ends))))
      (drop (call $read-printed (local.get $printed) (i32.const 32))) ;; not before the text has an end
      (local.set $set (call $new-set))
      (call $join (local.get $text) (local.get $set))
      (call $join (local.get $printed) (local.get $set))
      (call $set (local.get $set))
      (call $wait))
    (func (export "callback") (param $event i32) (param $end i32) (param $state i32) (result i32)
      (if (i32.eq (local.get $event) (i32.const 3)) ;; the text is written
        (then
          (call $drop-text (local.get $end))
          (return (call $wait))))
      (call $drop-printed (local.get $end)) ;; all of it is printed
      (call $drop-set (call $get))
      (call $return (i32.const 0)) ;; ok
      (i32.const 0)) ;; exit
    (func $wait (result i32)
      (i32.or (i32.const 2) (i32.shl (call $get) (i32.const 4)))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory))
      (export "return" (func $return))
      (export "get" (func $get))
      (export "set" (func $set))
      (export "print" (func $print))
      (export "new-text" (func $new-text))
      (export "write-text" (func $write-text))
      (export "drop-text" (func $drop-text))
      (export "read-printed" (func $read-printed))
      (export "drop-printed" (func $drop-printed))
      (export "new-set" (func $new-set))
      (export "join" (func $join))
      (export "drop-set" (func $drop-set))))))
  (func $run async (result (result))
    (canon lift (core func $main "run") async (callback (core func $main "callback"))))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $command)))
;;= wasi:cli/run@0.3.0#run: stateful
;;= warning[output_changes] call 2 of `wasi:cli/run@0.3.0#run` on the same instance writes "2\n" to standard output, where a fresh instance writes "1\n"
;;=   because the memory at 0x10, which `run` writes: 48 before call 1, 49 after; with it put back, call 2 prints as a fresh instance does
