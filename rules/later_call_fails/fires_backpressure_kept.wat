;; Each call raises backpressure and never lowers it. The first call returns; the second is held back forever: a
;; deadlock. Single shot. A component may do this on purpose to get one call per instance.
(component
  (core func $return (canon task.return (result u32)))
  (core func $inc (canon backpressure.inc))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "inc" (func $inc))
    (func (export "once") (result i32)
      (call $inc)
      (call $return (i32.const 42))
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "inc" (func $inc))))))
  (func (export "once") async (result u32)
    (canon lift (core func $main "once") async (callback (core func $main "callback")))))
;;= once: single_shot
;;= error[later_call_fails] call 2 of `once` on the same instance is never accepted (the instance keeps its backpressure), where a fresh instance returns
;;=   because unknown (host-state): neither memory nor globals explain it: handles, streams or other state of the host do
