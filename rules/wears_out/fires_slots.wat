;; Takes one of 64 slots in each call, returns none, and traps (unreachable) at call 65, when all are taken. A table of
;; descriptors that are never closed behaves like this.
(component
  (core module $main
    (memory 1)
    (func $take (result i32)
      (local $slot i32)
      (loop $next
        (if (i32.eqz (i32.load8_u offset=1024 (local.get $slot)))
          (then
            (i32.store8 offset=1024 (local.get $slot) (i32.const 1))
            (return (local.get $slot))))
        (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $slot) (i32.const 64))))
      unreachable)
    (func (export "read") (result i32)
      (drop (call $take))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "read") (result u32) (canon lift (core func $main "read"))))
;;= read: breaks_after 65
;;= error[wears_out] call 65 of `read` on the same instance traps (unreachable), after 64 calls that returned; a fresh instance returns
;;=   because the memory at 0x400, which `take` writes: 0 before the first of calls 1 to 64, 0x1010101 after; with it put back, call 65 returns as a fresh instance does
