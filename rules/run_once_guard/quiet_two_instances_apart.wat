;; Two instances of one module: the call sets the flag in the first and tests the flag of the second.
(component
  (core module $latch
    (memory (export "memory") 2)
    (func (export "set") (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "test") (if (i32.load (i32.const 1040)) (then unreachable))))
  (core module $main
    (import "first" "set" (func $set))
    (import "second" "test" (func $test))
    (func (export "run") (call $test) (call $set)))
  (core instance $first (instantiate $latch))
  (core instance $second (instantiate $latch))
  (core instance $main (instantiate $main
    (with "first" (instance $first))
    (with "second" (instance $second))))
  (func (export "run") (canon lift (core func $main "run"))))
