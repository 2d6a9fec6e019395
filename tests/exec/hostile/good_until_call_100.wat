;; Answers a hundred calls well, and the next one never ends. No number of good calls makes a guest trusted: the limits
;; hold at every call.
(component
  (core module $main
    (global $called (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (loop $for-ever (br_if $for-ever (i32.ge_u (global.get $called) (i32.const 100))))
      (global.set $called (i32.add (global.get $called) (i32.const 1)))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: breaks_after 101
;;= error[wears_out] call 101 of `work` on the same instance reaches its limit of time, after 100 calls that returned; a fresh instance returns
;;=   because `called`: 0 before the first of calls 1 to 100, 100 after; with it put back, call 101 returns as a fresh instance does
