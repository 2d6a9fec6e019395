;; The guarded function is called through a stub: a slot of one module's table, filled by another module.
(component
  (core module $shim
    (table (export "$imports") 2 2 funcref)
    (func (export "0") (call_indirect (i32.const 0)))
    (func (export "1") (call_indirect (i32.const 1))))
  (core module $main
    (import "env" "log" (func $log))
    (import "env" "start" (func $start))
    (func (export "run") (call $log) (call $start)))
  (core module $library
    (memory (export "memory") 2)
    (func (export "log"))
    (func (export "start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core module $fixup
    (import "" "0" (func $log))
    (import "" "1" (func $start))
    (import "" "$imports" (table 2 2 funcref))
    (elem (i32.const 0) func $log $start))
  (core instance $shim (instantiate $shim))
  (core instance $main (instantiate $main
    (with "env" (instance
      (export "log" (func $shim "0"))
      (export "start" (func $shim "1"))))))
  (core instance $library (instantiate $library))
  (core instance (instantiate $fixup
    (with "" (instance
      (export "0" (func $library "log"))
      (export "1" (func $library "start"))
      (export "$imports" (table $shim "$imports"))))))
  (func (export "run") (canon lift (core func $main "run"))))
;;= error[run_once_guard] core module 2 `library` > func 1 `start` (0xfc): `run` traps when called again in the same instance
