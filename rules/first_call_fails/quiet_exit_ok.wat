;; `wasi:cli/run` calls exit(ok) in its first call. The call succeeded, but the instance has ended: single shot. The
;; exit is not a trap.
(component
  (import "wasi:cli/exit@0.2.6" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (core module $main
    (import "" "exit" (func $exit (param i32)))
    (func (export "run") (result i32)
      (call $exit (i32.const 0))
      unreachable))
  (core func $exit (canon lower (func $exit "exit")))
  (core instance $main (instantiate $main
    (with "" (instance (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance (export "wasi:cli/run@0.2.6") (export "run" (func $run))))
;;= wasi:cli/run@0.2.6#run: single_shot
;;= error[exits_after_success] `wasi:cli/run@0.2.6#run` leaves through `wasi:cli/exit`, with success: its instance cannot be called again
