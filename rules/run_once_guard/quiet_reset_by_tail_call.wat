;; The function that the call ends in clears the flag.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $leave (param $result i32) (result i32)
      (i32.store (i32.const 1040) (i32.const 0))
      (local.get $result))
    (func (export "run") (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (return_call $leave (i32.const 42))))
  (core instance $main (instantiate $main))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))
