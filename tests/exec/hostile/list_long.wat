;; The answer is a list of 200 million bools, in memory that was never written: a small component with a very large
;; answer. The stored part of an answer must be limited.
(component
  (core module $main
    (memory (export "memory") 4096)
    (data (i32.const 16) "\20\00\00\00\00\c2\eb\0b") ;; at 32, 200,000,000 elements
    (func (export "work") (result i32) (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "work") (result (list bool))
    (canon lift (core func $main "work") (memory (core memory $main "memory")))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of data that goes in and out
