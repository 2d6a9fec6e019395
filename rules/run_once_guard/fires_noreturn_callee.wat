;; The trap is two calls away: a panic that ends in `abort`.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $abort unreachable)
    (func $panic_already_started (param $line i32)
      (i32.store (i32.const 1048) (local.get $line))
      (call $abort))
    (func $_start (export "_start")
      block $first
        (br_if $first (i32.eqz (i32.load (i32.const 1040))))
        (call $panic_already_started (i32.const 27))
      end
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `panic_already_started` (0x4e): `run` traps when called again in the same instance
