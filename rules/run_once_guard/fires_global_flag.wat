;; The flag is a global.
(component
  (core module $main
    (global $started (mut i32) (i32.const 0))
    (func $_start (export "_start")
      (if (global.get $started) (then unreachable))
      (global.set $started (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x39): `run` traps when called again in the same instance
