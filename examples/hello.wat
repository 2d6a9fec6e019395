;; A program as wasi-libc's start file makes it: `_start` refuses to run a second time, because
;; the C library is torn down when main returns. In memory: constants from 1024 on, then the C
;; library's data, then what starts as zero, from 1152 on; the stack above it.
(module $hello
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 2)
  (global $__stack_pointer (mut i32) (i32.const 66704))
  (data $greeting (i32.const 1024) "hello, world\n")

  (func $_start (export "_start")
    (local $status i32)
    block $first
      i32.const 0
      i32.load offset=1152
      i32.eqz
      br_if $first
      unreachable
    end
    i32.const 0
    i32.const 1
    i32.store offset=1152
    call $main
    local.set $status
    call $__wasm_call_dtors
    block $succeeded
      local.get $status
      i32.eqz
      br_if $succeeded
      local.get $status
      call $proc_exit
      unreachable
    end)

  (func $main (result i32)
    (local $frame i32) (local $errno i32)
    global.get $__stack_pointer
    i32.const 16
    i32.sub
    local.tee $frame
    global.set $__stack_pointer
    ;; iovec = { greeting, 13 }
    local.get $frame
    i32.const 1024
    i32.store offset=4
    local.get $frame
    i32.const 13
    i32.store offset=8
    ;; fd_write(stdout, &iovec, 1, &written)
    i32.const 1
    local.get $frame
    i32.const 4
    i32.add
    i32.const 1
    local.get $frame
    i32.const 12
    i32.add
    call $fd_write
    local.set $errno
    local.get $frame
    i32.const 16
    i32.add
    global.set $__stack_pointer
    local.get $errno)

  (func $__wasm_call_dtors))
