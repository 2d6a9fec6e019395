;; The answer is a string of one byte that is not UTF-8, in each call, on any instance. The first call fails.
(component
  (core module $main
    (memory (export "memory") 1)
    (data (i32.const 16) "\20\00\00\00\01\00\00\00")
    (data (i32.const 32) "\ff")
    (func (export "work") (result i32) (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "work") (result string)
    (canon lift (core func $main "work") (memory (core memory $main "memory")))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (invalid utf-8 sequence of 1 bytes from index 0) on a fresh instance
