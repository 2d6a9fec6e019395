;; A 64-bit memory: addresses are i64.
(component
  (core module $main
    (memory (export "memory") i64 2)
    (func $_start (export "_start")
      block
        i64.const 0
        i32.load offset=1040
        i32.eqz
        br_if 0
        unreachable
      end
      i64.const 0
      i32.const 1
      i32.store offset=1040))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x46): `run` traps when called again in the same instance
