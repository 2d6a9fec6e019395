;; Asks for arguments, the environment, standard input and the result of an import, and fails. All of it was provided,
;; so nothing else can be the cause: the first call fails.
(component
  (import "wasi:io/error@0.2.6" (instance $error
    (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $error (type $error))
    (export "input-stream" (type $input-stream (sub resource)))
    (type $failure (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $failure)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $input-stream)) (param "len" u64)
      (result (result (list u8) (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input-stream))
  (import "wasi:cli/stdin@0.2.6" (instance $stdin
    (alias outer 1 $input-stream (type $input-stream))
    (export "get-stdin" (func (result (own $input-stream))))))
  (import "wasi:cli/environment@0.2.6" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (import "ready" (func $ready (result bool)))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $arguments (canon lower (func $environment "get-arguments") (memory (core memory $m)) (realloc (core func $realloc))))
  (core func $variables (canon lower (func $environment "get-environment") (memory (core memory $m)) (realloc (core func $realloc))))
  (core func $get-stdin (canon lower (func $stdin "get-stdin")))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read") (memory (core memory $m)) (realloc (core func $realloc))))
  (core func $ready (canon lower (func $ready)))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "arguments" (func $arguments (param i32)))
    (import "" "variables" (func $variables (param i32)))
    (import "" "get-stdin" (func $get-stdin (result i32)))
    (import "" "read" (func $read (param i32 i64 i32)))
    (import "" "ready" (func $ready (result i32)))
    (func (export "work")
      (call $arguments (i32.const 16))
      (call $variables (i32.const 24))
      (call $read (call $get-stdin) (i64.const 16) (i32.const 32))
      ;; Two arguments with the program's name, one variable, the end of standard input, and `true`: as given.
      (br_if 0 (i32.ne (i32.load (i32.const 20)) (i32.const 2)))
      (br_if 0 (i32.ne (i32.load (i32.const 28)) (i32.const 1)))
      (br_if 0 (i32.eqz (i32.load8_u (i32.const 32))))
      (br_if 0 (i32.eqz (call $ready)))
      unreachable))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $m))
      (export "arguments" (func $arguments))
      (export "variables" (func $variables))
      (export "get-stdin" (func $get-stdin))
      (export "read" (func $read))
      (export "ready" (func $ready))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (unreachable) on a fresh instance
