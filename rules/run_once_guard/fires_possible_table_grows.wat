;; The table grows, so the slot exists in the second call.
(component
  (core module $m
    (memory (export "memory") 1)
    (type $v (func))
(table $t 1 10 funcref) (elem (i32.const 0) $n) (elem declare func $reset) (func $n) (func $reset (i32.store (i32.const 1040) (i32.const 0)))(func (export "run") (param i32) (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (call_indirect (type $v) (table.grow $t (ref.func $reset) (i32.const 1)))
      (i32.const 5)))
  (core instance $i (instantiate $m))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[run_once_guard] core module 0 `m` > func 2 `run` (0x6a): `run` may trap when called again in the same instance
