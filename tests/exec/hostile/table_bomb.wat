;; Grows a table by a million elements at a time until that fails. A limit must hold: at the limit on tables,
;; table.grow returns -1 and the export returns the size that it got.
(component
  (core module $main
    (table 1 funcref)
    (func (export "work") (result i32)
      (loop $next
        (br_if $next
          (i32.ne (table.grow (ref.null func) (i32.const 1000000)) (i32.const -1))))
      (table.size)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
