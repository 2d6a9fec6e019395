;; The guard of `_initialize`: the fixup module's start function runs it, once, and no export reaches it.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $__wasm_call_ctors)
    (func $_initialize (export "_initialize")
      block
        i32.const 0
        i32.load offset=1040
        i32.eqz
        br_if 0
        unreachable
      end
      i32.const 0
      i32.const 1
      i32.store offset=1040
      call $__wasm_call_ctors)
    (func (export "answer") (result i32) (i32.const 42)))
  (core module $wit-component-fixup
    (import "main" "_initialize" (func $_initialize))
    (start $_initialize))
  (core instance $main (instantiate $main))
  (core instance $fixup (instantiate $wit-component-fixup (with "main" (instance $main))))
  (func (export "answer") (result u32) (canon lift (core func $main "answer"))))
