;; A binary wrapped with the reactor adapter: `_start` has no guard, but is not lifted, so it cannot be called twice.
;; The lifted `tick` is a separate function.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)

    (func $__wasm_call_ctors
      call $__wasilibc_initialize_environ)
    (func $__wasilibc_initialize_environ
      i32.const 0
      i32.const 2048
      i32.store offset=1032)
    (func $__original_main (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0)
    (func $__main_void (result i32)
      call $__original_main)
    (func $__funcs_on_exit)
    (func $__stdio_exit)
    (func $__wasm_call_dtors
      call $__funcs_on_exit
      call $__stdio_exit)
    (func $_start (export "_start")
      (local $status i32)
      call $__wasm_call_ctors
      call $__main_void
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
    (func $tick (export "tick") (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1044
      i32.const 1
      i32.add
      i32.store offset=1044
      i32.const 0
      i32.load offset=1044))

  (core module $wit-component:adapter:wasi_snapshot_preview1
    (import "env" "memory" (memory 0))
    (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
    (func $proc_exit (export "proc_exit") (param i32)
      local.get 0
      i32.const 0
      i32.ne
      call $exit
      unreachable))

  (core module $wit-component-shim-module
    (type $proc_exit (func (param i32)))
    (table (export "$imports") 1 1 funcref)
    (func $adapt-wasi_snapshot_preview1-proc_exit (export "0") (param i32)
      local.get 0
      i32.const 0
      call_indirect (type $proc_exit)))

  (core module $wit-component-fixup
    (import "" "0" (func $proc_exit (param i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func $proc_exit))

  (core instance $shim (instantiate $wit-component-shim-module))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance
      (export "proc_exit" (func $shim "0"))))))
  (core func $exit (canon lower (func $wasi:cli/exit "exit")))
  (core instance $adapter (instantiate $wit-component:adapter:wasi_snapshot_preview1
    (with "env" (instance (export "memory" (memory $main "memory"))))
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance
      (export "0" (func $adapter "proc_exit"))
      (export "$imports" (table $shim "$imports"))))))
  (func (export "tick") (result u32) (canon lift (core func $main "tick"))))
;;= warning[known_answers_differ] core module 0 `main` > func 9 `tick` (0x107): `tick` answers 1 on a fresh instance and 2 in its second call
