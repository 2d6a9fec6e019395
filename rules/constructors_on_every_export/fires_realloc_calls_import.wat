;; The constructor calls an import for the time. `cabi_realloc` runs it while the host passes an argument, when the
;; instance may call no import: the first call traps with `cannot leave component instance`.
(component
  (import "now" (func $now (result u64)))

  (core module $main
    (import "$root" "now" (func $now (result i64)))
    (memory (export "memory") 1)
    (func $__wasm_call_ctors
      call $_GLOBAL__sub_I_started.cpp)
    (func $_GLOBAL__sub_I_started.cpp
      i32.const 0
      call $now
      i64.store offset=1024)
    (func $cabi_realloc (param i32 i32 i32 i32) (result i32)
      i32.const 2048)
    (func $length (param i32 i32) (result i32)
      local.get 1)
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

  (core func $now (canon lower (func $now)))
  (core instance $main (instantiate $main
    (with "$root" (instance (export "now" (func $now))))))
  (alias core export $main "memory" (core memory $memory))
  (alias core export $main "cabi_realloc" (core func $cabi_realloc))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length")
      (memory $memory) (realloc $cabi_realloc))))
;;= warning[constructors_on_every_export] core module 0 `main` > func 5 `length.command_export` (0x9d): every call of `length` runs the static constructors again, and so does each allocation for its arguments
