;; Calls in flight: incremented on entry, decremented on return, with a trap at 128 that sequential calls never reach.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "handle") (local $in_flight i32)
      (i32.store (i32.const 1040)
        (local.tee $in_flight (i32.add (i32.load (i32.const 1040)) (i32.const 1))))
      (if (i32.gt_u (local.get $in_flight) (i32.const 128)) (then unreachable))
      (i32.store (i32.const 1044) (local.get $in_flight))
      (i32.store (i32.const 1040)
        (i32.sub (i32.load (i32.const 1040)) (i32.const 1)))))
  (core instance $main (instantiate $main))
  (func (export "handle") (canon lift (core func $main "handle"))))
