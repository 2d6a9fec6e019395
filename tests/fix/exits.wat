;;$ --exit
;; A program that exits, and counts on it.
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $exit "exit")))
  (core module $m
    (import "host" "exit" (func $exit (param i32)))
    (global $runs (mut i32) (i32.const 0))
    (func (export "run") (result i32)
      (if (global.get $runs) (then unreachable))
      (global.set $runs (i32.const 1))
      (call $exit (i32.const 1))
      unreachable))
  (core instance $m (instantiate $m (with "host" (instance (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
