;; `realloc` allocates memory in steps of 512 bytes and frees nothing; memory has 64 KiB. All compared calls return.
;; Call 21 fails before the guest runs: realloc return: beyond end of memory.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (global.get $next)
      (global.set $next
        (i32.add (global.get $next)
          (i32.and (i32.add (local.get $size) (i32.const 511)) (i32.const -512)))))
    (func (export "length") (param $at i32) (param $length i32) (result i32)
      (local.get $length)))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
;;= length: breaks_after 21
;;= error[wears_out] call 21 of `length` on the same instance traps (realloc return: beyond end of memory), after 20 calls that returned, with generated arguments; a fresh instance returns; its arguments are placed by `realloc`, which never frees: nothing lowers `next`
;;=   because `next`, the allocator: 1024 before the first of calls 1 to 20, 55296 after; with it put back, call 21 returns as a fresh instance does
