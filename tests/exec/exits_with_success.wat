;; Exits with success through a table that the analysis cannot know, like Go's scheduler. The exit explains why there
;; is no second call; nothing else is reported.
(component
  (import "wasi:cli/exit@0.2.6" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (core module $main
    (import "" "exit" (func $exit (param i32)))
    (type $routine (func))
    (table $routines 2 funcref)
    (elem declare func $main.main)
    (func $main.main (call $exit (i32.const 0)))
    (func $_start (export "_start")
      (table.set $routines (i32.const 1) (ref.func $main.main))
      (call_indirect $routines (type $routine) (i32.const 1)))
    (func $_rt0_wasm_wasip1 (export "wasi:cli/run@0.2.6#run") (result i32)
      call $_start
      i32.const 0))
  (core func $exit (canon lower (func $exit "exit")))
  (core instance $main (instantiate $main
    (with "" (instance (export "exit" (func $exit))))))
  (func $run (result (result)) (canon lift (core func $main "wasi:cli/run@0.2.6#run")))
  (instance $wasi:cli/run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run)))
;;= wasi:cli/run@0.2.6#run: single_shot
;;= error[exits_after_success] `wasi:cli/run@0.2.6#run` leaves through `wasi:cli/exit`, with success: its instance cannot be called again
