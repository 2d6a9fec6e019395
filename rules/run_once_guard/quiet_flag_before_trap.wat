;; A poison flag: set only on the way to a trap, so no call that returned has set it.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "withdraw") (param $amount i32)
      (if (i32.load (i32.const 1040)) (then unreachable)) ;; poisoned
      (if (i32.gt_u (local.get $amount) (i32.const 100))
        (then
          (i32.store (i32.const 1040) (i32.const 1))
          unreachable))
      (i32.store (i32.const 1044) (local.get $amount))))
  (core instance $main (instantiate $main))
  (func (export "withdraw") (param "amount" u32) (canon lift (core func $main "withdraw"))))
