;; A leaked borrow: the early return for an empty input does not clear the flag.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "parse") (param $length i32) (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable)) ;; already borrowed
      (i32.store (i32.const 1040) (i32.const 1))
      (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
      (i32.store (i32.const 1040) (i32.const 0))
      (i32.const 0)))
  (core instance $main (instantiate $main))
  (func (export "parse") (param "length" u32) (result (result))
    (canon lift (core func $main "parse"))))
;;= note[run_once_guard] core module 0 `main` > func 0 `parse` (0x44): `parse` may trap when called again in the same instance
