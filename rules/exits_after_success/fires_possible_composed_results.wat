;; Another component writes its results through a pointer.
(component
  (import "wasi:cli/exit@0.2.0" (instance $ex (export "exit" (func (param "status" (result))))))
  (component $A
    (core module $m (memory (export "memory") 1)
      (func (export "f") (result i32) (i32.store (i32.const 1024) (i32.const 7)) (i32.store (i32.const 1028) (i32.const 8)) (i32.const 1024)))
    (core instance $i (instantiate $m))
    (func (export "f") (result (tuple u32 u32)) (canon lift (core func $i "f") (memory (core memory $i "memory")))))
  (instance $a (instantiate $A))
  (component $B
    (import "f" (func $f (result (tuple u32 u32))))
    (import "exit" (func $ex (param "status" (result))))
    (core module $mm (memory (export "memory") 1))
    (core instance $mi (instantiate $mm))
    (core func $exit (canon lower (func $ex)))
    (core func $f' (canon lower (func $f) (memory (core memory $mi "memory"))))
    (core module $m
      (import "e" "exit" (func $exit (param i32)))
      (import "e" "f" (func $f (param i32)))
      (import "e" "memory" (memory 1))
      (func (export "run") (param i32) (result i32)
        (call $f (i32.const 2048))
        (if (i32.eqz (i32.load (i32.const 2048))) (then (call $exit (i32.const 0)) unreachable))
        (i32.const 5)))
    (core instance $i (instantiate $m (with "e" (instance (export "exit" (func $exit)) (export "f" (func $f')) (export "memory" (memory $mi "memory"))))))
    (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
  (instance $b (instantiate $B (with "f" (func $a "f")) (with "exit" (func $ex "exit"))))
  (export "run" (func $b "run")))
;;= note[exits_after_success] core module 2 `m` > func 2 `run` (0x1d9): `run` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then
