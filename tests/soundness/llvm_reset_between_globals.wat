;; A function that begins like LLVM's clears all memory from one global to another, and so the flag.
(component
  (core module $m
    (memory (export "mem") 1)
    (global $stack (mut i32) (i32.const 4096))
    (global $low (mut i32) (i32.const 0))
    (global $high (mut i32) (i32.const 0))
    (data (i32.const 1024) "text")
    (func $reset
      (global.set $high (i32.shl (memory.size) (i32.const 16)))
      (global.set $low (i32.sub (global.get $high) (i32.const 0xfc00)))
      (memory.fill (global.get $low) (i32.const 0) (i32.sub (global.get $high) (global.get $low))))
    (func $work (local $frame i32)
      (global.set $stack (local.tee $frame (i32.sub (global.get $stack) (i32.const 16))))
      (i32.store offset=4 (local.get $frame) (i32.const 1024))
      (global.set $stack (i32.add (local.get $frame) (i32.const 16))))
    (func (export "f")
      (call $reset)
      (if (i32.load (i32.const 1152)) (then unreachable))
      (i32.store (i32.const 1152) (i32.const 1))
      (call $work)))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f"))))
