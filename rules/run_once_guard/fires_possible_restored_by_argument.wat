;; The flag is cleared before the return only if the argument says so.
(component
  (core module $main
    (global $busy (mut i32) (i32.const 0))
    (func (export "feed") (param $last i32)
      (if (global.get $busy) (then unreachable))
      (global.set $busy (i32.const 1))
      (if (local.get $last) (then (global.set $busy (i32.const 0))))))
  (core instance $main (instantiate $main))
  (func (export "feed") (param "last" bool) (canon lift (core func $main "feed"))))
;;= note[run_once_guard] core module 0 `main` > func 0 `feed` (0x38): `feed` may trap when called again in the same instance
