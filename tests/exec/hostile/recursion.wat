;; The export calls itself for ever. It traps (call stack exhausted), in any instance: it fails first.
;; The stack of the checker must hold.
(component
  (core module $main
    (func $work (export "work") (result i32)
      (i32.add (call $work) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (call stack exhausted) on a fresh instance
