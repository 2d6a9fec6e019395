;; Rust with std: an assertion on a flag, in a function with a mangled name. The panic writes to standard error and
;; aborts. The finding points at the call of the panic's entry, and its message ends with the guest's own words.
(component
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
    (data (i32.const 64) "thread 'main' panicked at src/lib.rs:9:9:\0ainitialise only once\0anote: run with `RUST_BACKTRACE=1`\0a")
    (func $abort unreachable)
    (func $_RNvCsfLfy6EI15iL_7___rustc10rust_panic call $abort)
    (func $_ZN4core9panicking9panic_fmt17h0123456789abcdefE
      (local $stderr i32)
      (local.set $stderr (call $get-stderr))
      (call $write (local.get $stderr) (i32.const 64) (i32.const 96) (i32.const 32))
      (call $drop (local.get $stderr))
      call $_RNvCsfLfy6EI15iL_7___rustc10rust_panic)
    (func $_ZN5hello4init17h0123456789abcdefE
      (if (i32.load8_u (i32.const 16)) (then (call $_ZN4core9panicking9panic_fmt17h0123456789abcdefE)))
      (i32.store8 (i32.const 16) (i32.const 1)))
    (func (export "work") (result i32)
      call $_ZN5hello4init17h0123456789abcdefE
      (i32.const 42)))
  (core instance $memory (instantiate $memory))
  (core func $get-stderr (canon lower (func $stderr "get-stderr")))
  (core func $write (canon lower
    (func $streams "[method]output-stream.blocking-write-and-flush") (memory (core memory $memory "memory"))))
  (core func $drop (canon resource.drop $output-stream))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "get-stderr" (func $get-stderr))
      (export "write" (func $write))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: single_shot
;;= error[run_once_guard] `work` traps when called again in the same instance: panicked at src/lib.rs:9:9: initialise only once
;;=   because the memory at 0x10, which `hello::init` writes: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
