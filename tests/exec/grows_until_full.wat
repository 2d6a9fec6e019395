;; A memory of at most 505 pages grows by a page in each call; call 505 traps (unreachable). 504 calls returned, and
;; that is what both findings count.
(component
  (core module $main
    (memory 1 505)
    (func (export "work") (result i32)
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: breaks_after 505
;;= warning[memory_grows] each call of `work` leaks about 64 KiB of linear memory: 31 MiB after 504 calls; `work` asks for it
;;= error[wears_out] call 505 of `work` on the same instance traps (unreachable), after 504 calls that returned; a fresh instance returns
;;=   because the size of the memory: 64 KiB before the first of calls 1 to 504, 32320 KiB after; put into a fresh instance, it makes its first call do the same
