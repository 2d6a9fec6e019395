;; Four core instances with two tables each, all of which grow until that fails. A limit for each table is not a limit for
;; all of them.
(component
  (core module $main
    (table $first 1 funcref)
    (table $second 1 externref)
    (func (export "work") (result i32)
      (loop $next
        (br_if $next (i32.ne (table.grow $first (ref.null func) (i32.const 1000000)) (i32.const -1))))
      (loop $next
        (br_if $next (i32.ne (table.grow $second (ref.null extern) (i32.const 1000000)) (i32.const -1))))
      (i32.add (table.size $first) (table.size $second))))
  (core instance $a (instantiate $main))
  (core instance $b (instantiate $main))
  (core instance $c (instantiate $main))
  (core instance $d (instantiate $main))
  (func (export "a") (result u32) (canon lift (core func $a "work")))
  (func (export "b") (result u32) (canon lift (core func $b "work")))
  (func (export "c") (result u32) (canon lift (core func $c "work")))
  (func (export "d") (result u32) (canon lift (core func $d "work"))))
;;= a: reusable_observed 8
;;= b: reusable_observed 8
;;= c: reusable_observed 8
;;= d: reusable_observed 8
