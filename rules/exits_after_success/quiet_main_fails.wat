;; C with wasi-libc: `_start` exits only if main returns a value other than 0, which depends on external input (here: a
;; random byte). An exit with another status than 0 is a failure.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))
  (import "wasi:random/random@0.2.6" (instance $wasi:random/random
    (export "get-random-u64" (func (result u64)))))

  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func $__original_main (result i32)
      i32.const 1024
      i32.const 8
      call $random_get
      drop
      i32.const 1024
      i32.load8_u
      i32.const 1
      i32.and)
    (func $_start (export "_start")
      (local $status i32)
      block $succeeded
        call $__original_main
        local.tee $status
        i32.eqz
        br_if $succeeded
        local.get $status
        call $proc_exit
        unreachable
      end))

  (core module $wit-component:adapter:wasi_snapshot_preview1
    (import "env" "memory" (memory 0))
    (import "__main_module__" "_start" (func $_start))
    (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
    (import "wasi:random/random@0.2.6" "get-random-u64" (func $get_random_u64 (result i64)))
    (func $wasi:cli/run@0.2.6#run (export "wasi:cli/run@0.2.6#run") (result i32)
      call $_start
      i32.const 0)
    (func $proc_exit (export "proc_exit") (param i32)
      local.get 0
      i32.const 0
      i32.ne
      call $exit
      unreachable)
    (func $random_get (export "random_get") (param $buf i32) (param $len i32) (result i32)
      local.get $buf
      call $get_random_u64
      i64.store
      i32.const 0))

  (core module $wit-component-shim-module
    (type $proc_exit (func (param i32)))
    (type $random_get (func (param i32 i32) (result i32)))
    (table (export "$imports") 2 2 funcref)
    (func $adapt-wasi_snapshot_preview1-proc_exit (export "0") (param i32)
      local.get 0
      i32.const 0
      call_indirect (type $proc_exit))
    (func $adapt-wasi_snapshot_preview1-random_get (export "1") (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.const 1
      call_indirect (type $random_get)))

  (core module $wit-component-fixup
    (import "" "0" (func $proc_exit (param i32)))
    (import "" "1" (func $random_get (param i32 i32) (result i32)))
    (import "" "$imports" (table 2 2 funcref))
    (elem (i32.const 0) func $proc_exit $random_get))

  (core instance $shim (instantiate $wit-component-shim-module))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance
      (export "proc_exit" (func $shim "0"))
      (export "random_get" (func $shim "1"))))))
  (core func $exit (canon lower (func $wasi:cli/exit "exit")))
  (core func $get-random-u64 (canon lower (func $wasi:random/random "get-random-u64")))
  (core instance $adapter (instantiate $wit-component:adapter:wasi_snapshot_preview1
    (with "env" (instance (export "memory" (memory $main "memory"))))
    (with "__main_module__" (instance (export "_start" (func $main "_start"))))
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))
    (with "wasi:random/random@0.2.6" (instance (export "get-random-u64" (func $get-random-u64))))))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance
      (export "0" (func $adapter "proc_exit"))
      (export "1" (func $adapter "random_get"))
      (export "$imports" (table $shim "$imports"))))))
  (func $run (result (result)) (canon lift (core func $adapter "wasi:cli/run@0.2.6#run")))
  (component $wasi:cli/run@0.2.6-shim-component
    (import "import-func-run" (func $run (result (result))))
    (export "run" (func $run)))
  (instance $wasi:cli/run (instantiate $wasi:cli/run@0.2.6-shim-component
    (with "import-func-run" (func $run))))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run)))
;;= note[unguarded_command_rerun] core module 0 `main` > func 3 `_start` (0x11d): a second call of `wasi:cli/run@0.2.6#run` runs the whole program again on memory that the first one used
