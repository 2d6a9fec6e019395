;; Returns the readable end of a stream whose other end is closed. Reusable, and no value to compare.
(component
  (type $bytes (stream u8))
  (core func $new (canon stream.new $bytes))
  (core func $drop (canon stream.drop-writable $bytes))
  (core module $main
    (import "" "new" (func $new (result i64)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "empty") (result i32)
      (local $ends i64)
      (local.set $ends (call $new))
      (call $drop (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
      (i32.wrap_i64 (local.get $ends))))
  (core instance $main (instantiate $main
    (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "empty") (result $bytes) (canon lift (core func $main "empty"))))
;;= empty: reusable_observed 8
