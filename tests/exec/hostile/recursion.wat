;; The export calls itself forever. It traps (call stack exhausted), on any instance: the first call fails. The stack
;; of the checker must not overflow.
(component
  (core module $main
    (func $work (export "work") (result i32)
      (i32.add (call $work) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (call stack exhausted) on a fresh instance
