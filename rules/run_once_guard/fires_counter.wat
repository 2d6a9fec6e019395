;; `if (++calls > 1) trap`.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start") (local $calls i32)
      (i32.store (i32.const 1040)
        (local.tee $calls (i32.add (i32.load (i32.const 1040)) (i32.const 1))))
      (if (i32.gt_s (local.get $calls) (i32.const 1)) (then unreachable))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x55): `run` traps when called again in the same instance
