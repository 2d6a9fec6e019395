;; wasm-ld wrapped the export so that each call ends with the destructors.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $__wasm_call_dtors
      (i32.store (i32.const 1024) (i32.const 1)))
    (func $get (result i32)
      (i32.load (i32.const 1024)))
    (func (export "get") (result i32)
      (call $get)
      (call $__wasm_call_dtors)))
  (core instance $main (instantiate $main))
  (func (export "get") (result u32) (canon lift (core func $main "get"))))
