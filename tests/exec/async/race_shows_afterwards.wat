;; Counts the calls under way, and notes if there are two at once. Each call returns what was noted when it began: 0 for
;; both of two concurrent calls, and 1 for the next one.
(component
  (core func $return (canon task.return (result u32)))
  (core func $set (canon context.set i32 0))
  (core func $get (canon context.get i32 0))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "set" (func $set (param i32)))
    (import "" "get" (func $get (result i32)))
    (memory 1)
    (global $inside (mut i32) (i32.const 0))
    (func (export "noted") (result i32)
      (call $set (i32.load (i32.const 64)))
      (global.set $inside (i32.add (global.get $inside) (i32.const 1)))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (if (i32.gt_u (global.get $inside) (i32.const 1))
        (then (i32.store (i32.const 64) (i32.const 1))))
      (global.set $inside (i32.sub (global.get $inside) (i32.const 1)))
      (call $return (call $get))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main (with "" (instance
    (export "return" (func $return)) (export "set" (func $set)) (export "get" (func $get))))))
  (func (export "noted") async (result u32)
    (canon lift (core func $main "noted") async (callback (core func $main "callback")))))
;;= noted: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `noted` on one instance change the next call: it answers `1`; after calls in sequence it answers `0`
;;=   because the memory at 0x40, which `callback` writes: 0 after calls in sequence, 1 after these; with it put back, the call of `noted` does what it does after calls in sequence
