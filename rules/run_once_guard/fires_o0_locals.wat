;; The guard as clang -O0 compiles it: first a shadow stack frame, then every value through a local.
(component
  (core module $main
    (memory (export "memory") 2)
    (global $__stack_pointer (mut i32) (i32.const 66576))
    (func $__wasm_call_ctors)
    (func $_start (export "_start")
      (local $sp i32) (local $size i32) (local $frame i32)
      (local $zero i32) (local $started i32) (local $one i32) (local $base i32)
      global.get $__stack_pointer
      local.set $sp
      i32.const 16
      local.set $size
      local.get $sp
      local.get $size
      i32.sub
      local.set $frame
      local.get $frame
      global.set $__stack_pointer
      i32.const 0
      local.set $zero
      local.get $zero
      i32.load offset=1040
      local.set $started
      block
        local.get $started
        i32.eqz
        br_if 0
        unreachable
      end
      i32.const 1
      local.set $one
      i32.const 0
      local.set $base
      local.get $base
      local.get $one
      i32.store offset=1040
      call $__wasm_call_ctors
      local.get $frame
      i32.const 16
      i32.add
      global.set $__stack_pointer))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `_start` (0x72): `run` traps when called again in the same instance
