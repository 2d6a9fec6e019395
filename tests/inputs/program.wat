;; A program for preview1 as wasi-libc makes it: `_start` refuses a second call.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $_start (export "_start")
    (if (i32.load offset=1040 (i32.const 0))
      (then unreachable))
    (i32.store offset=1040 (i32.const 0) (i32.const 1))))
