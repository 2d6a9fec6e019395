;; Memory grows by one page in each of the first three calls, then stays. Not a leak.
(component
  (core module $main
    (memory 1)
    (func (export "work") (result i32)
      (if (i32.lt_u (memory.size) (i32.const 4))
        (then (drop (memory.grow (i32.const 1)))))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
