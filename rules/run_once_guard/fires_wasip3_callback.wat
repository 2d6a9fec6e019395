;; `wasi:cli/run@0.3.0` lifted with a callback: the guard is at the start of the task, `task.return` at its end.
(component
  (core func $task_return (canon task.return (result (result))))
  (core module $main
    (import "[export]wasi:cli/run@0.3.0" "[task-return]run" (func $task_return (param i32)))
    (memory (export "memory") 2)
    (func $run (export "[async-lift]wasi:cli/run@0.3.0#run") (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (call $task_return (i32.const 0))
      (i32.const 0)) ;; EXIT
    (func (export "[callback][async-lift]wasi:cli/run@0.3.0#run")
      (param $event i32) (param $waitable i32) (param $code i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main
    (with "[export]wasi:cli/run@0.3.0" (instance
      (export "[task-return]run" (func $task_return))))))
  (type $run (func async (result (result))))
  (func $run (type $run)
    (canon lift (core func $main "[async-lift]wasi:cli/run@0.3.0#run") async
      (callback (core func $main "[callback][async-lift]wasi:cli/run@0.3.0#run"))))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $run)))
;;= error[run_once_guard] core module 0 `main` > func 1 `run` (0xda): `wasi:cli/run@0.3.0#run` traps when called again in the same instance
