;; Zig without libc, target wasm32-wasi: `_start` calls main and then always exits, with status 0. The exit goes
;; through the shim table into the preview1 adapter.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)

    (func $main
      i32.const 1024
      i32.const 1024
      i32.load
      i32.const 1
      i32.add
      i32.store)
    (func $_start (export "_start")
      call $main
      i32.const 0
      call $proc_exit
      unreachable))

  (core module $wit-component:adapter:wasi_snapshot_preview1
    (import "env" "memory" (memory 0))
    (import "__main_module__" "_start" (func $_start))
    (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
    (func $wasi:cli/run@0.2.6#run (export "wasi:cli/run@0.2.6#run") (result i32)
      call $_start
      i32.const 0)
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
    (with "__main_module__" (instance (export "_start" (func $main "_start"))))
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance
      (export "0" (func $adapter "proc_exit"))
      (export "$imports" (table $shim "$imports"))))))
  (func $run (result (result)) (canon lift (core func $adapter "wasi:cli/run@0.2.6#run")))
  (component $wasi:cli/run@0.2.6-shim-component
    (import "import-func-run" (func $run (result (result))))
    (export "run" (func $run)))
  (instance $wasi:cli/run (instantiate $wasi:cli/run@0.2.6-shim-component
    (with "import-func-run" (func $run))))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run)))
;;= error[exits_after_success] core module 0 `main` > func 2 `_start` (0xb6): `wasi:cli/run@0.2.6#run` always leaves through `wasi:cli/exit`: its instance cannot be called again
