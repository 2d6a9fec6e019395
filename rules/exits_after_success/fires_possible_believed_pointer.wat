;; The target of a pointer is unknown if skipped code may change the pointer.
(component
  (import "wasi:cli/exit@0.2.0" (instance $ex (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $ex "exit")))
  (core module $m
    (import "e" "exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (type $v (func))
    (table 4 funcref) (elem (i32.const 0) $t0 $t1 $t2 $t3)
    (func $t0 (i32.store (i32.const 1200) (i32.const 1048)) (i32.store (i32.const 3000) (i32.const 1)))
    (func $t1 (i32.store (i32.const 1200) (i32.const 1048)) (i32.store (i32.const 3008) (i32.const 1)))
    (func $t2 (i32.store (i32.const 1200) (i32.const 1048)) (i32.store (i32.const 3016) (i32.const 1)))
    (func $t3 (i32.store (i32.const 1200) (i32.const 1048)) (i32.store (i32.const 3024) (i32.const 1)))
    (func $unseen (param i32) (call_indirect (type $v) (i32.and (local.get 0) (i32.const 3))))
    (func (export "run") (param i32) (result i32)
      (i32.store (i32.const 1200) (i32.const 1040)) (i32.store (i32.const 1040) (i32.const 1)) (i32.store (i32.const 1048) (i32.const 0))
      (call $unseen (local.get 0))                       ;; p = &b
      (if (i32.load (i32.load (i32.const 1200))) (then (call $exit (i32.const 0)) unreachable))
      (i32.const 5)))
  (core instance $i (instantiate $m (with "e" (instance (export "exit" (func $exit))))))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[exits_after_success] core module 0 `m` > func 6 `run` (0x136): `run` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then
