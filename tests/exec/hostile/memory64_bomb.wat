;; A memory with 64-bit addresses grows by 64 GiB at a time until that fails.
(component
  (core module $main
    (memory i64 1)
    (func (export "work") (result i64)
      (loop $next
        (br_if $next (i64.ne (memory.grow (i64.const 1048576)) (i64.const -1))))
      (memory.size)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u64) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
