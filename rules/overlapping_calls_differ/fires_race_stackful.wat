;; The race over the number of calls under way, lifted with `async` and without a callback: nothing holds the second
;; call back. In sequence: always 1. Of two concurrent calls, the first returns 2.
(component
  (core func $return (canon task.return (result u32)))
  (core func $yield (canon thread.yield))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "yield" (func $yield (result i32)))
    (global $inside (mut i32) (i32.const 0))
    (func (export "inside")
      (global.set $inside (i32.add (global.get $inside) (i32.const 1)))
      (drop (call $yield))
      (call $return (global.get $inside))
      (global.set $inside (i32.sub (global.get $inside) (i32.const 1)))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "yield" (func $yield))))))
  (func (export "inside") async (result u32)
    (canon lift (core func $main "inside") async)))
;;= inside: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `inside` on one instance answer `2` and `1`; in sequence they answer `1` and `1`
;;=   because `inside`: 1 when A yields, 2 when A goes on; with it put back then, A does what it does alone
