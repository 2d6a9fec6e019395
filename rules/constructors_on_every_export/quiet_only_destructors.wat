;; C linked by wasm-ld with --no-entry and without constructors: there are wrappers, but they only add
;; `__wasm_call_dtors` at the end, as with Debian's clang and wasi-libc.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $dummy)
    (func $__stdio_exit)
    (func $__wasm_call_dtors
      call $dummy
      call $__stdio_exit)
    (func $tick (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0
      i32.load offset=1024)
    (func $add (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.add)
    (func $tick.command_export (export "tick") (result i32)
      call $tick
      call $__wasm_call_dtors)
    (func $add.command_export (export "add") (param i32 i32) (result i32)
      local.get 0
      local.get 1
      call $add
      call $__wasm_call_dtors))

  (core instance $main (instantiate $main))
  (func (export "tick") (result u32) (canon lift (core func $main "tick")))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "add"))))
;;= warning[known_answers_differ] core module 0 `main` > func 3 `tick` (0x61): `tick` answers 1 on a fresh instance and 2 in its second call
