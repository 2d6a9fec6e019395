;; A loop clears the array that the flag is part of.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "run") (param i32) (result i32) (local $i i32)
      (if (i32.load (i32.const 1060)) (then unreachable))
      (i32.store (i32.const 1060) (i32.const 1))
      (loop $l
        (i32.store (i32.add (i32.const 1040) (i32.shl (local.get $i) (i32.const 2))) (i32.const 0))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
      (i32.const 5)))
  (core instance $i (instantiate $m))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[run_once_guard] core module 0 `m` > func 0 `run` (0x44): `run` may trap when called again in the same instance
