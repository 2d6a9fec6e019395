;; Asks for 2^60 random bytes at once. They must be refused before they are made.
(component
  (import "wasi:random/random@0.2.6" (instance $random
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core module $main
    (import "" "random" (func $random (param i64 i32)))
    (func (export "work") (call $random (i64.const 0x1000000000000000) (i32.const 16))))
  (core instance $memory (instantiate $memory))
  (core func $random (canon lower (func $random "get-random-bytes")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core instance $main (instantiate $main (with "" (instance (export "random" (func $random))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (requested len 1152921504606846976 exceeds limit 1048576) on a fresh instance
