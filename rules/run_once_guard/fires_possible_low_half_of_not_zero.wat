;; A value that is not zero may have a low half that is zero.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "run") (param i32) (result i32) (local $x i64)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (local.set $x (i64.shl (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1))) (i64.const 32)))
      (if (i64.eqz (local.get $x)) (then unreachable))
      (i64.store32 (i32.const 1040) (local.get $x))
      (i32.const 5)))
  (core instance $i (instantiate $m))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[run_once_guard] core module 0 `m` > func 0 `run` (0x44): `run` may trap when called again in the same instance
