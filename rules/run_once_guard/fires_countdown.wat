;; A budget of one call, counted down to zero.
(component
  (core module $main
    (global $calls_left (mut i32) (i32.const 1))
    (func $redeem (export "redeem")
      (if (i32.eqz (global.get $calls_left)) (then unreachable))
      (global.set $calls_left (i32.sub (global.get $calls_left) (i32.const 1)))))
  (core instance $main (instantiate $main))
  (func (export "redeem") (canon lift (core func $main "redeem"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `redeem` (0x3a): `redeem` traps when called again in the same instance
