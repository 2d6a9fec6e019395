;; Grows memory page by page until that fails, and touches every page. The limit must hold; at the limit, memory.grow
;; returns -1 and the export returns the number of pages that it got.
(component
  (core module $main
    (memory 1)
    (func (export "work") (result i32)
      (local $page i32)
      (block $full
        (loop $next
          (local.set $page (memory.grow (i32.const 1)))
          (br_if $full (i32.eq (local.get $page) (i32.const -1)))
          (i32.store (i32.shl (local.get $page) (i32.const 16)) (i32.const 1))
          (br $next)))
      (memory.size)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
