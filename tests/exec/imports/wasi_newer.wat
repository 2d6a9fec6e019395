;; Imports a later release of WASI, with a function, a resource and an interface that the host does not have, and a
;; function whose type has changed. The rest is provided by the host.
(component
  (import "wasi:random/random@0.2.99" (instance $random
    (export "dice" (type $dice (sub resource)))
    (export "[constructor]dice" (func (result (own $dice))))
    (export "[method]dice.roll" (func (param "self" (borrow $dice)) (result u32)))
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))
    (export "get-random-u64" (func (result s64)))))
  (import "wasi:random/lottery@0.2.99" (instance $lottery
    (export "draw" (func (result u32)))))
  (alias export $random "dice" (type $dice))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $bytes (canon lower (func $random "get-random-bytes")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $number (canon lower (func $random "get-random-u64")))
  (core func $make (canon lower (func $random "[constructor]dice")))
  (core func $roll (canon lower (func $random "[method]dice.roll")))
  (core func $draw (canon lower (func $lottery "draw")))
  (core func $drop (canon resource.drop $dice))
  (core module $main
    (import "m" "memory" (memory 1))
    (import "" "bytes" (func $bytes (param i64 i32)))
    (import "" "number" (func $number (result i64)))
    (import "" "make" (func $make (result i32)))
    (import "" "roll" (func $roll (param i32) (result i32)))
    (import "" "draw" (func $draw (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work") (result i32) (local $dice i32)
      (local.set $dice (call $make))
      (if (i32.or (call $roll (local.get $dice)) (call $draw)) (then (unreachable)))
      (call $drop (local.get $dice))
      (if (i64.ne (call $number) (i64.const 0)) (then (unreachable)))
      (call $bytes (i64.const 32) (i32.const 16))
      (if (i32.ne (i32.load (i32.const 20)) (i32.const 32)) (then (unreachable)))
      (i32.load (i32.load (i32.const 16)))))
  (core instance $main (instantiate $main
    (with "m" (instance $memory))
    (with "" (instance (export "bytes" (func $bytes)) (export "number" (func $number))
      (export "make" (func $make)) (export "roll" (func $roll)) (export "draw" (func $draw))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
