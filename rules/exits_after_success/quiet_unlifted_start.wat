;; A program built as a binary but wrapped with the reactor adapter: `_start` exits, but is not lifted. The lifted
;; `tick` does not reach it.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)

    (func $main)
    (func $_start (export "_start")
      call $main
      i32.const 0
      call $proc_exit
      unreachable)
    (func $tick (export "tick") (result i32)
      i32.const 1024
      i32.const 1024
      i32.load
      i32.const 1
      i32.add
      i32.store
      i32.const 1024
      i32.load))

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
;;= warning[known_answers_differ] core module 0 `main` > func 3 `tick` (0xbf): `tick` answers 1 on a fresh instance and 2 in its second call
