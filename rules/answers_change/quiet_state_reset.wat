;; Every call resets its state before it uses it. Reusable.
(component
  (core module $main
    (memory 1)
    (func $reset
      (i32.store (i32.const 1024) (i32.const 0)))
    (func (export "count-to") (param $to i32) (result i32)
      (call $reset)
      (loop $next
        (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
        (br_if $next (i32.lt_u (i32.load (i32.const 1024))
                               (i32.and (local.get $to) (i32.const 255)))))
      (i32.load (i32.const 1024))))
  (core instance $main (instantiate $main))
  (func (export "count-to") (param "to" u32) (result u32)
    (canon lift (core func $main "count-to"))))
;;= count-to: reusable_observed 8
