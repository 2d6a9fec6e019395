;; A start function turns the guard off, and a segment that another module places later turns it on.
(component
  (core module $a
    (memory (export "mem") 1)
    (func $init (i32.store (i32.const 3000) (i32.const 0)))
    (start $init)
    (func (export "f")
      (if (i32.load (i32.const 3000))
        (then
          (if (i32.load (i32.const 2048)) (then unreachable))
          (i32.store (i32.const 2048) (i32.const 1))))))
  (core module $b
    (import "a" "mem" (memory 1))
    (data (i32.const 3000) "\01\00\00\00"))
  (core instance $a (instantiate $a))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "f") (canon lift (core func $a "f"))))
;;= error[run_once_guard] core module 0 `a` > func 1 `f` (0x52): `f` traps when called again in the same instance
