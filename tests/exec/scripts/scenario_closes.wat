;; A till whose `close` leaves nothing behind: each run of the scenario is like the first.
(component
  (core module $main
    (global $open (mut i32) (i32.const 0))
    (global $sum (mut i32) (i32.const 0))
    (func (export "open") (global.set $open (i32.const 1)))
    (func (export "add") (param i32)
      (if (i32.eqz (global.get $open)) (then unreachable))
      (global.set $sum (i32.add (global.get $sum) (local.get 0))))
    (func (export "total") (result i32)
      (if (i32.eqz (global.get $open)) (then unreachable))
      (global.get $sum))
    (func (export "close")
      (global.set $sum (i32.const 0))
      (global.set $open (i32.const 0))))
  (core instance $main (instantiate $main))
  (func (export "open") (canon lift (core func $main "open")))
  (func (export "add") (param "price" u32) (canon lift (core func $main "add")))
  (func (export "total") (result u32) (canon lift (core func $main "total")))
  (func (export "close") (canon lift (core func $main "close"))))
;;= open: reusable_observed 8
;;= add: reusable_observed 8
;;= total: reusable_observed 8
;;= close: reusable_observed 8
