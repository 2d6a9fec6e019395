;; Borrows something across a yield and traps (unreachable) if it is already borrowed. Calls in sequence always return;
;; the second of two concurrent calls traps and fails the first as well.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (global $borrowed (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (if (global.get $borrowed) (then unreachable))
      (global.set $borrowed (i32.const 1))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (global.set $borrowed (i32.const 0))
      (call $return (i32.const 42))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `work` on one instance trap (unreachable)
;;=   because `borrowed`: 0 on a fresh instance, 1 when B begins; with it put back then, B does what it does alone
