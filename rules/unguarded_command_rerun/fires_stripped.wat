;; The same program without names: what remains is the shape, and the path from the adapter's `__main_module__` import
;; to the module without a guard.
(component
  (import "wasi:cli/exit@0.2.6" (instance (;0;)
    (export "exit" (func (param "status" (result))))))

  (core module (;0;)
    (import "wasi_snapshot_preview1" "proc_exit" (func (;0;) (param i32)))
    (memory (;0;) (export "memory") 1)
    (func (;1;)
      i32.const 0
      i32.const 2048
      i32.store offset=1032)
    (func (;2;) (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0)
    (func (;3;)
      i32.const 0
      i32.const 0
      i32.store offset=1036)
    (func (;4;) (export "_start")
      (local i32)
      call 1
      call 2
      local.set 0
      call 3
      block
        local.get 0
        i32.eqz
        br_if 0
        local.get 0
        call 0
        unreachable
      end))

  (core module (;1;)
    (import "env" "memory" (memory 0))
    (import "__main_module__" "_start" (func (;0;)))
    (import "wasi:cli/exit@0.2.6" "exit" (func (;1;) (param i32)))
    (func (;2;) (export "wasi:cli/run@0.2.6#run") (result i32)
      call 0
      i32.const 0)
    (func (;3;) (export "proc_exit") (param i32)
      local.get 0
      i32.const 0
      i32.ne
      call 1
      unreachable))

  (core module (;2;)
    (type (;0;) (func (param i32)))
    (table (export "$imports") 1 1 funcref)
    (func (;0;) (export "0") (param i32)
      local.get 0
      i32.const 0
      call_indirect (type 0)))

  (core module (;3;)
    (import "" "0" (func (;0;) (param i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func 0))

  (core instance (;0;) (instantiate 2))
  (core instance (;2;) (instantiate 0
    (with "wasi_snapshot_preview1" (instance (;1;)
      (export "proc_exit" (func 0 "0"))))))
  (core func (canon lower (func 0 "exit")))
  (core instance (;6;) (instantiate 1
    (with "env" (instance (;3;) (export "memory" (memory 2 "memory"))))
    (with "__main_module__" (instance (;4;) (export "_start" (func 2 "_start"))))
    (with "wasi:cli/exit@0.2.6" (instance (;5;) (export "exit" (func 1))))))
  (core instance (;8;) (instantiate 3
    (with "" (instance (;7;)
      (export "0" (func 6 "proc_exit"))
      (export "$imports" (table 0 "$imports"))))))
  (func (;1;) (result (result)) (canon lift (core func 6 "wasi:cli/run@0.2.6#run")))
  (component (;0;)
    (import "import-func-run" (func (;0;) (result (result))))
    (export "run" (func 0)))
  (instance (;1;) (instantiate 0
    (with "import-func-run" (func 1))))
  (export "wasi:cli/run@0.2.6" (instance 1)))
;;= note[unguarded_command_rerun] core module 0 > func 4 `_start` (0xd0): a second call of `wasi:cli/run@0.2.6#run` runs the whole program again on memory that the first one used
