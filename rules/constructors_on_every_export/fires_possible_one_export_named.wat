;; One export, wrapped as wasm-ld does. Only the names tell that its first call runs constructors: it may as well be a
;; function that its author wrote, so the finding is possible.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $__wasm_call_ctors
      i32.const 0
      i32.const 100
      i32.store offset=1024)
    (func $tick (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0
      i32.load offset=1024)
    (func $tick.command_export (export "tick") (result i32)
      call $__wasm_call_ctors
      call $tick))
  (core instance $main (instantiate $main))
  (func (export "tick") (result u32) (canon lift (core func $main "tick"))))
;;= note[constructors_on_every_export] core module 0 `main` > func 2 `tick.command_export` (0x64): every call of `tick` may run the static constructors again
