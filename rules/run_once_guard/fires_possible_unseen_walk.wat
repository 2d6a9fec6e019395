;; Skipped code iterates over the object that the flag is part of.
(component
  (core module $m
    (memory (export "memory") 1)
    (type $v (func))
    (table 4 funcref) (elem (i32.const 0) $t0 $t1 $t2 $t3)
    (func $t0 (local $p i32) (local.set $p (i32.const 1040)) (loop $l (i32.store (local.get $p) (i32.const 0)) (br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 1080)))) (i32.store (i32.const 3000) (i32.const 1)))
    (func $t1 (local $p i32) (local.set $p (i32.const 1040)) (loop $l (i32.store (local.get $p) (i32.const 0)) (br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 1080)))) (i32.store (i32.const 3008) (i32.const 1)))
    (func $t2 (local $p i32) (local.set $p (i32.const 1040)) (loop $l (i32.store (local.get $p) (i32.const 0)) (br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 1080)))) (i32.store (i32.const 3016) (i32.const 1)))
    (func $t3 (local $p i32) (local.set $p (i32.const 1040)) (loop $l (i32.store (local.get $p) (i32.const 0)) (br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 1080)))) (i32.store (i32.const 3024) (i32.const 1)))
    (func $unseen (param i32) (call_indirect (type $v) (i32.and (local.get 0) (i32.const 3))))
    (func (export "run") (param i32) (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (call $unseen (local.get 0))
      (i32.const 5)))
  (core instance $i (instantiate $m))
  (func (export "run") (param "a" u32) (result u32) (canon lift (core func $i "run"))))
;;= note[run_once_guard] core module 0 `m` > func 5 `run` (0x111): `run` may trap when called again in the same instance
