;; Skipped code writes to a local through a pointer in a static.
(component
  (import "wasi:cli/exit@0.2.0" (instance $ex (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $ex "exit")))
  (core module $m
    (import "e" "exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (type $v (func))
    (global $sp (mut i32) (i32.const 65536))    (table 4 funcref) (elem (i32.const 0) $t0 $t1 $t2 $t3)
    (func $t0 (i32.store (i32.load (i32.const 1200)) (i32.const 1)) (i32.store (i32.const 3000) (i32.const 1)))
    (func $t1 (i32.store (i32.load (i32.const 1200)) (i32.const 1)) (i32.store (i32.const 3008) (i32.const 1)))
    (func $t2 (i32.store (i32.load (i32.const 1200)) (i32.const 1)) (i32.store (i32.const 3016) (i32.const 1)))
    (func $t3 (i32.store (i32.load (i32.const 1200)) (i32.const 1)) (i32.store (i32.const 3024) (i32.const 1)))
    (func $unseen (param i32) (call_indirect (type $v) (i32.and (local.get 0) (i32.const 3))))
    (func (export "run") (param i32) (result i32) (local $f i32)
      (global.set $sp (local.tee $f (i32.sub (global.get $sp) (i32.const 16))))
      (i32.store (local.get $f) (i32.const 0))           ;; done = 0
      (i32.store (i32.const 1200) (local.get $f))        ;; current = &frame
      (call $unseen (local.get 0))                       ;; current->done = 1
      (if (i32.eqz (i32.load (local.get $f))) (then (call $exit (i32.const 0)) unreachable))
      (global.set $sp (i32.add (local.get $f) (i32.const 16)))
      (i32.const 5)))
  (core instance $i (instantiate $m (with "e" (instance (export "exit" (func $exit))))))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[exits_after_success] core module 0 `m` > func 6 `run` (0x146): `run` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then
