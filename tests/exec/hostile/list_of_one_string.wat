;; The answer is a list of 8000 strings of 64,000 bytes at the same address: 512 MB out of two pages. The stored part
;; of an answer must be limited.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "work") (result i32)
      (local $i i32)
      (loop $next
        (i32.store (i32.add (i32.const 65536) (i32.shl (local.get $i) (i32.const 3))) (i32.const 0))
        (i32.store (i32.add (i32.const 65540) (i32.shl (local.get $i) (i32.const 3))) (i32.const 64000))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (i32.const 8000))))
      (i32.store (i32.const 65528) (i32.const 65536))
      (i32.store (i32.const 65532) (i32.const 8000))
      (i32.const 65528)))
  (core instance $main (instantiate $main))
  (func (export "work") (result (list string))
    (canon lift (core func $main "work") (memory (core memory $main "memory")))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of data that goes in and out
