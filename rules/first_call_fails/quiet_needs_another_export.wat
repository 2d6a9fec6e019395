;; `use` traps until `open` was called, so its first call fails if it is tried alone. After `open` it returns any
;; number of times. Nothing wears out.
(component
  (core module $main
    (global $open (mut i32) (i32.const 0))
    (func (export "open")
      (global.set $open (i32.const 1)))
    (func (export "use") (result i32)
      (if (i32.eqz (global.get $open)) (then unreachable))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "open") (canon lift (core func $main "open")))
  (func (export "use") (result u32) (canon lift (core func $main "use"))))
;;= open: reusable_observed 8
;;= use: reusable_observed 8
