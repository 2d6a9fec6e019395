;; C++ linked by wasm-ld with --no-entry and without crt1: every export is a `.command_export` wrapper that runs the
;; constructors first. Here they reset `counter` to 100, so `tick` never returns more than 101.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $heap (mut i32) (i32.const 4096))
    (func $__wasm_call_ctors
      call $_GLOBAL__sub_I_counter.cpp)
    (func $_GLOBAL__sub_I_counter.cpp
      i32.const 0
      i32.const 100
      i32.store offset=1024)
    (func $tick (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0
      i32.load offset=1024)
    (func $length (param $text i32) (param $len i32) (result i32)
      local.get $len)
    (func $cabi_realloc (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      global.get $heap
      local.tee $at
      local.get 3
      i32.add
      global.set $heap
      local.get $at)
    (func $tick.command_export (export "tick") (result i32)
      call $__wasm_call_ctors
      call $tick)
    (func $length.command_export (export "length") (param i32 i32) (result i32)
      call $__wasm_call_ctors
      local.get 0
      local.get 1
      call $length)
    (func $cabi_realloc.command_export (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      call $__wasm_call_ctors
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      call $cabi_realloc))

  (core instance $main (instantiate $main))
  (alias core export $main "memory" (core memory $memory))
  (alias core export $main "cabi_realloc" (core func $cabi_realloc))
  (func (export "tick") (result u32) (canon lift (core func $main "tick")))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length")
      (memory $memory) (realloc $cabi_realloc))))
;;= warning[constructors_on_every_export] core module 0 `main` > func 6 `length.command_export` (0xb9): every call of `length` runs the static constructors again, and so does each allocation for its arguments
;;= warning[constructors_on_every_export] core module 0 `main` > func 5 `tick.command_export` (0xb2): every call of `tick` runs the static constructors again
