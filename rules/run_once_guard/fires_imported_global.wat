;; The flag is a mutable global that another core instance exports.
(component
  (core module $state (global (export "started") (mut i32) (i32.const 0)))
  (core module $main
    (import "state" "started" (global $started (mut i32)))
    (func $_start (export "_start")
      (if (global.get $started) (then unreachable))
      (global.set $started (i32.const 1))))
  (core instance $state (instantiate $state))
  (core instance $main (instantiate $main (with "state" (instance $state))))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 1 `main` > func 0 `_start` (0x73): `run` traps when called again in the same instance
