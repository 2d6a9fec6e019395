;; A wasip3 command without an adapter: the type is `async`, the lift is not.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__main_void (result i32) (i32.load (i32.const 1044)))
    (func $_start (export "wasi:cli/run@0.3.0#run") (result i32)
      block
        i32.const 0
        i32.load offset=1040
        i32.eqz
        br_if 0
        unreachable
      end
      i32.const 0
      i32.const 1
      i32.store offset=1040
      call $__main_void
      i32.const 0
      i32.ne))
  (core instance $main (instantiate $main))
  (type $run (func async (result (result))))
  (func $run (type $run) (canon lift (core func $main "wasi:cli/run@0.3.0#run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $run)))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x62): `wasi:cli/run@0.3.0#run` traps when called again in the same instance
