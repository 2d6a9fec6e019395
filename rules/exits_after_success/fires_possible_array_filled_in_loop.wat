;; The exit depends on an array that a loop fills.
(component
  (import "wasi:cli/exit@0.2.0" (instance $ex (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $ex "exit")))
  (core module $m
    (import "e" "exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "run") (param i32) (result i32) (local $i i32)
      (loop $l
        (i32.store (i32.add (i32.const 1040) (i32.shl (local.get $i) (i32.const 2))) (local.get $i))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
      (if (i32.eqz (i32.load (i32.const 1060))) (then (call $exit (i32.const 0)) unreachable))
      (i32.const 5)))
  (core instance $i (instantiate $m (with "e" (instance (export "exit" (func $exit))))))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[exits_after_success] core module 0 `m` > func 1 `run` (0xc0): `run` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then
