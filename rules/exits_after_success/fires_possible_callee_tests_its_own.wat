;; A condition on the callee's own local says nothing about the caller's local.
(component
  (import "wasi:cli/exit@0.2.0" (instance $ex (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $ex "exit")))
  (core module $m
    (import "e" "exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func $isnull (param i32) (result i32) (i32.eqz (local.get 0)))
      (func (export "run") (param i32) (result i32) (local $b i32) (local.set $b (i32.and (local.get 0) (i32.const 4)))
      ;; a == 1 -> the callee tells about its own local 0, not ours
      (if (call $isnull (local.get $b))
        (then (if (local.get 0) (then (return (i32.const 5))))))
      (call $exit (i32.const 0)) unreachable))
  (core instance $i (instantiate $m (with "e" (instance (export "exit" (func $exit))))))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[exits_after_success] core module 0 `m` > func 2 `run` (0xb7): `run` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then
