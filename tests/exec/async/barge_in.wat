;; `work` is async and counts itself as under way across a yield; `inside` is not async and returns that number. Alone
;; it is always 0. A call while `work` is suspended enters at once: 1.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (global $inside (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (global.set $inside (i32.add (global.get $inside) (i32.const 1)))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (global.set $inside (i32.sub (global.get $inside) (i32.const 1)))
      (call $return (i32.const 42))
      (i32.const 0)) ;; exit
    (func (export "inside") (result i32)
      (global.get $inside)))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback"))))
  (func (export "inside") (result u32) (canon lift (core func $main "inside"))))
;;= work: reusable_observed 8
;;= inside: reusable_observed 8
;;= note[overlapping_calls_differ] concurrent calls of `work` and `inside` on one instance answer `42` and `1`; in sequence they answer `42` and `0`
;;=   because `inside`: 0 on a fresh instance, 1 when B begins; with it put back then, B does what it does alone
