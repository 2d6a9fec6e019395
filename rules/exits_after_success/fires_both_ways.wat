;; The status depends on the argument, the exit does not: both branches end in wasi:cli/exit, so no call
;; returns.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
    (func $finish (export "finish") (param $failed i32)
      local.get $failed
      if
        i32.const 1
        call $exit
      else
        i32.const 0
        call $exit
      end
      unreachable))

  (core func $exit (canon lower (func $wasi:cli/exit "exit")))
  (core instance $main (instantiate $main
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))))
  (func (export "finish") (param "failed" bool) (canon lift (core func $main "finish"))))
;;= error[exits_after_success] core module 0 `main` > func 1 `finish` (0x90): `finish` always leaves through `wasi:cli/exit`: its instance cannot be called again
