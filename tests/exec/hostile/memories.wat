;; Four core instances, each of which grows its memory until that fails, four pages at a time. A limit for each memory
;; is not a limit for all of them.
(component
  (core module $main
    (memory 1)
    (func (export "work") (result i32)
      (loop $next
        (br_if $next (i32.ne (memory.grow (i32.const 4)) (i32.const -1))))
      (memory.size)))
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
