;; Adds up the bytes of its argument, which is always at the same address. The answer depends only on the argument.
;; Reusable.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i32.const 1024))
    (func (export "sum") (param $at i32) (param $length i32) (result i32)
      (local $sum i32)
      (block $done
        (loop $next
          (br_if $done (i32.eqz (local.get $length)))
          (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $length (i32.sub (local.get $length) (i32.const 1)))
          (br $next)))
      (local.get $sum)))
  (core instance $main (instantiate $main))
  (func (export "sum") (param "bytes" (list u8)) (result u32)
    (canon lift (core func $main "sum")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
;;= sum: reusable_observed 8
