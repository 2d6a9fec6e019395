;; wit-bindgen's `run_ctors_once`: the flag skips the constructors, it does not trap.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__wasm_call_ctors
      (i32.store (i32.const 1048) (i32.const 42)))
    (func $run_ctors_once
      block
        i32.const 0
        i32.load8_u offset=1040
        br_if 0
        call $__wasm_call_ctors
        i32.const 0
        i32.const 1
        i32.store8 offset=1040
      end)
    (func (export "answer") (result i32)
      call $run_ctors_once
      (i32.load (i32.const 1048))))
  (core instance $main (instantiate $main))
  (func (export "answer") (result u32) (canon lift (core func $main "answer"))))
