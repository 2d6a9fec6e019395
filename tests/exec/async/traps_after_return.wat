;; The task returns its answer, yields and then traps (unreachable). The instance ends when the host runs that work,
;; and later calls fail. A host that calls again at once still gets answers.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (func (export "work") (result i32)
      (call $return (i32.const 42))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: single_shot
;;= error[later_call_fails] call 2 of `work` on the same instance traps (cannot enter component instance), where a fresh instance returns
;;=   because unknown (host-state): neither memory nor globals explain it: handles, streams or other state of the host do
