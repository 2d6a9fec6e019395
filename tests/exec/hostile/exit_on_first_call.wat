;; An export that is not `run` calls exit(err) in its first call, on any instance. An exit, not a trap.
(component
  (import "wasi:cli/exit@0.2.6" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (core module $main
    (import "" "exit" (func $exit (param i32)))
    (func (export "work") (result i32)
      (call $exit (i32.const 1))
      (i32.const 42)))
  (core func $exit (canon lower (func $exit "exit")))
  (core instance $main (instantiate $main
    (with "" (instance (export "exit" (func $exit))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: single_shot
;;= error[exits_after_success] the first call of `work` exits with status 1: its instance cannot be called again
