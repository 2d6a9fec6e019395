;; Grows memory to 4 GiB in one step and returns whether that succeeded.
(component
  (core module $main
    (memory 1)
    (func (export "work") (result i32)
      (i32.ne (memory.grow (i32.const 65535)) (i32.const -1))))
  (core instance $main (instantiate $main))
  (func (export "work") (result bool) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
