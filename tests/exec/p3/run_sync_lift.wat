;; A command of WASI 0.3 whose `run` is lifted without `async`: it returns `ok`. Reusable.
(component
  (core module $main
    (func (export "run") (result i32)
      ;; It says `ok`.
      (i32.const 0)))
  (core instance $main (instantiate $main))
  (func $run async (result (result)) (canon lift (core func $main "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $command)))
;;= wasi:cli/run@0.3.0#run: reusable_observed 8
