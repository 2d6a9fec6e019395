;; Two exports of one module: `stop` always exits, `work` never does. Only `stop` is reported, although a call of it
;; ends the instance for `work` too.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
    (global $jobs (mut i32) (i32.const 0))
    (func $work (export "work") (result i32)
      global.get $jobs
      i32.const 1
      i32.add
      global.set $jobs
      global.get $jobs)
    (func $stop (export "stop")
      i32.const 0
      call $exit
      unreachable))

  (core func $exit (canon lower (func $wasi:cli/exit "exit")))
  (core instance $main (instantiate $main
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))))
  (func (export "work") (result u32) (canon lift (core func $main "work")))
  (func (export "stop") (canon lift (core func $main "stop"))))
;;= error[exits_after_success] core module 0 `main` > func 2 `stop` (0xa9): `stop` always leaves through `wasi:cli/exit`: its instance cannot be called again
;;= warning[known_answers_differ] core module 0 `main` > func 1 `work` (0x9b): `work` answers 1 on a fresh instance and 2 in its second call
