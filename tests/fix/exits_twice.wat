;; `run` exits, and so does another export, in the same way: only `run` returns. A third is the same function as `run`.
;;$ --exit --keep quit
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $exit "exit")))
  (core module $m
    (import "exit" "exit" (func $exit (param i32)))
    (memory 1)
    (func (export "run") (result i32)
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (if (i32.gt_u (i32.load (i32.const 0)) (i32.const 1)) (then unreachable))
      (call $exit (i32.const 1))
      unreachable)
    (func (export "quit") (result i32)
      (call $exit (i32.const 1))
      unreachable))
  (core instance $m (instantiate $m (with "exit" (instance (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (func (export "quit") (result (result)) (canon lift (core func $m "quit")))
  (export "again" (func $run))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
