;; `realloc` allocates 16 KiB for each argument and frees nothing; memory has 64 KiB. Four calls return, the fifth
;; fails before the guest runs: realloc return: beyond end of memory.
(component
  (core module $main
    (memory (export "memory") 1 1)
    (global $next (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (i32.const 16384))))
    (func (export "length") (param i32 i32) (result i32)
      (local.get 1)))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
;;= length: breaks_after 5
;;= error[later_call_fails] call 5 of `length` on the same instance traps (realloc return: beyond end of memory), where a fresh instance returns
;;=   because `next`, the allocator: 0 before the first of calls 1 to 4, 0x10000 after; with it put back, call 5 returns as a fresh instance does
