;; Returns the number of the waitable set that it makes before a yield and drops after it. In sequence the number is always
;; the same. Of two concurrent calls, each has its own: the handles of the instance make the difference, and no memory or
;; global.
(component
  (core func $return (canon task.return (result u32)))
  (core func $new (canon waitable-set.new))
  (core func $drop (canon waitable-set.drop))
  (core func $set (canon context.set i32 0))
  (core func $get (canon context.get i32 0))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "new" (func $new (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "set" (func $set (param i32)))
    (import "" "get" (func $get (result i32)))
    (func (export "number") (result i32)
      (call $set (call $new))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $return (call $get))
      (call $drop (call $get))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main (with "" (instance
    (export "return" (func $return)) (export "new" (func $new)) (export "drop" (func $drop))
    (export "set" (func $set)) (export "get" (func $get))))))
  (func (export "number") async (result u32)
    (canon lift (core func $main "number") async (callback (core func $main "callback")))))
;;= number: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `number` on one instance answer `1` and `2`; in sequence they answer `1` and `1`
;;=   because unknown (host-state): neither memory nor globals explain it: handles, streams or other state of the host do
