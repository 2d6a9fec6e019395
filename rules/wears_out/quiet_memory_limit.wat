;; A memory of at most four pages grows by one page in each call, and the export traps (unreachable) if that fails.
;; Breaks after three calls.
(component
  (core module $main
    (memory 1 4)
    (func (export "work") (result i32)
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: breaks_after 4
;;= error[later_call_fails] call 4 of `work` on the same instance traps (unreachable), where a fresh instance returns
;;=   because the size of the memory: 64 KiB before the first of calls 1 to 3, 256 KiB after; put into a fresh instance, it makes its first call do the same
