;; A function catches every exception, and so would it an exit.
;;$ --exit
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $exit "exit")))
  (core module $m
    (import "exit" "exit" (func $exit (param i32)))
    (memory 1)
    (func (export "run") (result i32)
      (block $caught
        (try_table (catch_all $caught) (call $exit (i32.const 0))))
      (i32.const 0)))
  (core instance $m (instantiate $m (with "exit" (instance (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (instance $run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $run)))
