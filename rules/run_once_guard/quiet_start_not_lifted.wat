;; A command with the reactor adapter: the adapter imports the guarded `_start`, but the world exports only
;; `count`.
(component
  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $__wasi_proc_exit (param i32)))
    (memory (export "memory") 2)
    (func $_start (export "_start")
      block
        block
          i32.const 0
          i32.load offset=1040
          br_if 0
          i32.const 0
          i32.const 1
          i32.store offset=1040
          i32.const 0
          i32.load offset=1044
          br_if 1
          return
        end
        unreachable
      end
      i32.const 1
      call $__wasi_proc_exit
      unreachable)
    (func $count (export "count") (result i32)
      (i32.store (i32.const 1048) (i32.add (i32.load (i32.const 1048)) (i32.const 1)))
      (i32.load (i32.const 1048))))
  (core module $adapter
    (import "env" "memory" (memory 0))
    (import "__main_module__" "_start" (func $_start))
    (func (export "proc_exit") (param $status i32)
      unreachable))
  (core module $shim
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (param i32)
      (call_indirect (param i32) (local.get 0) (i32.const 0))))
  (core module $fixup
    (import "" "0" (func $proc_exit (param i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func $proc_exit))
  (core instance $shim (instantiate $shim))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance (export "proc_exit" (func $shim "0"))))))
  (core instance $adapter (instantiate $adapter
    (with "env" (instance (export "memory" (memory $main "memory"))))
    (with "__main_module__" (instance $main))))
  (core instance (instantiate $fixup
    (with "" (instance
      (export "0" (func $adapter "proc_exit"))
      (export "$imports" (table $shim "$imports"))))))
  (func (export "count") (result u32) (canon lift (core func $main "count"))))
;;= warning[known_answers_differ] core module 0 `main` > func 2 `count` (0xa1): `count` answers 1 on a fresh instance and 2 in its second call
