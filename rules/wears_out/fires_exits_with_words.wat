;; Takes one of 40 slots in each call. At call 41 it writes why to standard error and exits, as Go and Zig programs do.
;; The guest's words stand with the failing call, not behind what a fresh instance does.
(component
  (import "wasi:cli/exit@0.2.6" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (import "wasi:io/error@0.2.6" (instance $error
    (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $error (type $error))
    (export "output-stream" (type $output-stream (sub resource)))
    (type $failure (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $failure)))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8))
      (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stderr@0.2.6" (instance $stderr
    (alias outer 1 $output-stream (type $output-stream))
    (export "get-stderr" (func (result (own $output-stream))))))
  (core module $memory (memory (export "memory") 1))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "get-stderr" (func $get-stderr (result i32)))
    (import "" "write" (func $write (param i32 i32 i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "exit" (func $exit (param i32)))
    (global $taken (mut i32) (i32.const 0))
    (data (i32.const 64) "panic: no slot is left\0a")
    (func $give_up
      (local $stderr i32)
      (local.set $stderr (call $get-stderr))
      (call $write (local.get $stderr) (i32.const 64) (i32.const 23) (i32.const 32))
      (call $drop (local.get $stderr))
      (call $exit (i32.const 1)))
    (func (export "work") (result i32)
      (if (i32.eq (global.get $taken) (i32.const 40)) (then (call $give_up)))
      (global.set $taken (i32.add (global.get $taken) (i32.const 1)))
      (i32.const 42)))
  (core instance $memory (instantiate $memory))
  (core func $get-stderr (canon lower (func $stderr "get-stderr")))
  (core func $write (canon lower
    (func $streams "[method]output-stream.blocking-write-and-flush") (memory (core memory $memory "memory"))))
  (core func $drop (canon resource.drop $output-stream))
  (core func $exit (canon lower (func $exit "exit")))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "get-stderr" (func $get-stderr))
      (export "write" (func $write))
      (export "drop" (func $drop))
      (export "exit" (func $exit))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: breaks_after 41
;;= error[wears_out] call 41 of `work` on the same instance exits with status 1 (panic: no slot is left), after 40 calls that returned; a fresh instance returns
;;=   because `taken`: 0 before the first of calls 1 to 40, 40 after; with it put back, call 41 returns as a fresh instance does
