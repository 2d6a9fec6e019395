;; Arguments lie in an arena, which each call empties: they are no part of the leak. What leaks is a page per call.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at))
    (func (export "length") (param i32 i32) (result i32)
      (drop (memory.grow (i32.const 1)))
      (global.set $next (i32.const 1024))
      (local.get 1)))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length") (memory (core memory $main "memory"))
      (realloc (core func $main "cabi_realloc")))))
;;= length: reusable_observed 8
;;= warning[memory_grows] each call of `length` leaks about 64 KiB of linear memory: 76 MiB after 1224 calls; `length` asks for it
