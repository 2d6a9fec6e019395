;; Wrappers with constructors before and destructors after the call. The constructor registers a handler with
;; `__cxa_atexit`, the destructors run it, and the next call registers it again.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $__wasm_call_ctors
      call $_GLOBAL__sub_I_log.cpp)
    (func $_GLOBAL__sub_I_log.cpp
      call $__cxa_atexit)
    (func $__cxa_atexit
      i32.const 0
      i32.const 0
      i32.load offset=1040
      i32.const 1
      i32.add
      i32.store offset=1040)
    (func $__funcs_on_exit
      i32.const 0
      i32.const 0
      i32.load offset=1044
      i32.const 0
      i32.load offset=1040
      i32.add
      i32.store offset=1044)
    (func $__stdio_exit)
    (func $__wasm_call_dtors
      call $__funcs_on_exit
      call $__stdio_exit)
    (func $handlers_run (result i32)
      i32.const 0
      i32.load offset=1044)
    (func $add (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.add)
    (func $handlers_run.command_export (export "handlers-run") (result i32)
      call $__wasm_call_ctors
      call $handlers_run
      call $__wasm_call_dtors)
    (func $add.command_export (export "add") (param i32 i32) (result i32)
      call $__wasm_call_ctors
      local.get 0
      local.get 1
      call $add
      call $__wasm_call_dtors))

  (core instance $main (instantiate $main))
  (func (export "handlers-run") (result u32) (canon lift (core func $main "handlers-run")))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "add"))))
;;= warning[constructors_on_every_export] core module 0 `main` > func 9 `add.command_export` (0xb1): every call of `add` runs the static constructors again
;;= warning[constructors_on_every_export] core module 0 `main` > func 8 `handlers_run.command_export` (0xa8): every call of `handlers-run` runs the static constructors again
;;= warning[known_answers_differ] core module 0 `main` > func 6 `handlers_run` (0x99): `handlers-run` answers 0 on a fresh instance and 1 in its second call
