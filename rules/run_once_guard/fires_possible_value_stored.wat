;; The call stores its argument into the flag: zero leaves it clear.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "set-id") (param $id i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (local.get $id))))
  (core instance $main (instantiate $main))
  (func (export "set-id") (param "id" u32) (canon lift (core func $main "set-id"))))
;;= note[run_once_guard] core module 0 `main` > func 0 `set-id` (0x44): `set-id` may trap when called again in the same instance
