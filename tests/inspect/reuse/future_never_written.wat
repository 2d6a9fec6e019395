;; Makes a future and drops its writable end, which nobody wrote. wasmtime: cannot drop a future's write end before it is
;; written.
(component
  (type $number (future u32))
  (core func $new (canon future.new $number))
  (core func $drop (canon future.drop-writable $number))
  (core module $main
    (import "" "new" (func $new (result i64)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work")
      (call $drop (i32.wrap_i64 (i64.shr_u (call $new) (i64.const 32))))))
  (core instance $main (instantiate $main (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "work") (canon lift (core func $main "work"))))
