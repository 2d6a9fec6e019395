;; Takes one of 64 slots in each call and returns it before the call ends. Nothing is used up.
(component
  (core module $main
    (memory 1)
    (func $take (result i32)
      (local $slot i32)
      (loop $next
        (if (i32.eqz (i32.load8_u offset=1024 (local.get $slot)))
          (then
            (i32.store8 offset=1024 (local.get $slot) (i32.const 1))
            (return (local.get $slot))))
        (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $slot) (i32.const 64))))
      unreachable)
    (func (export "read") (result i32)
      (i32.store8 offset=1024 (call $take) (i32.const 0))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "read") (result u32) (canon lift (core func $main "read"))))
;;= read: reusable_observed 8
