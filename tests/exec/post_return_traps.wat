;; The second call returns too, but its post-return traps (unreachable). Single shot: the answer of the second call may
;; arrive, but the instance has ended.
(component
  (core module $main
    (global $called (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (i32.const 42))
    (func (export "post-work") (param i32)
      (if (global.get $called) (then unreachable))
      (global.set $called (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32)
    (canon lift (core func $main "work") (post-return (core func $main "post-work")))))
;;= work: single_shot
;;= error[run_once_guard] `work` traps when called again in the same instance
;;=   because `called`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
