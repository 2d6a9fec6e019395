;; `run` starts and stops alternately; it would trap only in a third state, which no call reaches.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "run") (result i32) (local $state i32)
      (local.set $state (i32.load (i32.const 1040)))
      (if (i32.gt_u (local.get $state) (i32.const 1)) (then unreachable))
      (i32.store (i32.const 1040) (i32.xor (local.get $state) (i32.const 1)))
      (local.get $state)))
  (core instance $main (instantiate $main))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))
;;= warning[known_answers_differ] core module 0 `main` > func 0 `run` (0x3e): `run` answers 0 on a fresh instance and 1 in its second call
