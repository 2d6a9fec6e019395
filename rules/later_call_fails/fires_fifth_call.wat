;; Four calls return, the fifth traps (unreachable). Breaks after four calls. The trap of the fifth is reported, not
;; its consequence in every later call.
(component
  (core module $main
    (global $calls (mut i32) (i32.const 0))
    (func (export "few-times") (result i32)
      (if (i32.eq (global.get $calls) (i32.const 4)) (then unreachable))
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "few-times") (result u32) (canon lift (core func $main "few-times"))))
;;= few-times: breaks_after 5
;;= error[later_call_fails] call 5 of `few-times` on the same instance traps (unreachable), where a fresh instance returns
;;=   because `calls`: 0 before the first of calls 1 to 4, 4 after; with it put back, call 5 returns as a fresh instance does
