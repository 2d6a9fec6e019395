;; wasm-ld wrapped the export, and there is nothing to destroy.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $dummy)
    (func $__wasm_call_dtors
      (call $dummy)
      (call $dummy))
    (func $get (result i32)
      (i32.load (i32.const 1024)))
    (func (export "get") (result i32)
      (call $get)
      (call $__wasm_call_dtors)))
  (core instance $main (instantiate $main))
  (func (export "get") (result u32) (canon lift (core func $main "get"))))
