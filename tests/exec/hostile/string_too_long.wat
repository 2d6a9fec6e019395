;; The answer is a string of 0xffffffff bytes: out of bounds, in each call, on any instance. The first call fails.
(component
  (core module $main
    (memory (export "memory") 1)
    (data (i32.const 16) "\00\00\00\00\ff\ff\ff\ff")
    (func (export "work") (result i32) (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "work") (result string)
    (canon lift (core func $main "work") (memory (core memory $main "memory")))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (string pointer/length out of bounds of memory) on a fresh instance
