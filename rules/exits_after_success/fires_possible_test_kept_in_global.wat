;; A stored condition on one local says nothing about another.
(component
  (import "wasi:cli/exit@0.2.0" (instance $ex (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $ex "exit")))
  (core module $m
    (import "e" "exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (global $g (mut i32) (i32.const 0))
      (func $get (param i32) (result i32)
        (if (global.get $g) (then) (else (if (local.get 0) (then (return (i32.const 1))))))
        (i32.const 0))
      (func (export "run") (param i32) (result i32) (global.set $g (i32.const 0)) (local.set 0 (i32.and (local.get 0) (i32.const 2)))
      (global.set $g (local.get 0))
      (if (call $get (i32.eqz (local.get 0))) (then (return (i32.const 5))))
      (call $exit (i32.const 0)) unreachable))
  (core instance $i (instantiate $m (with "e" (instance (export "exit" (func $exit))))))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[exits_after_success] core module 0 `m` > func 2 `run` (0xce): `run` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then
