;; Like a component that leaks a waitable set in each call, but it returns the number of the handle: 1, 2, 3. Stateful,
;; and it leaks.
(component
  (core func $return (canon task.return (result u32)))
  (core func $new (canon waitable-set.new))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "new" (func $new (result i32)))
    (func (export "work") (result i32)
      (call $return (call $new))
      (i32.const 0)) ;; exit
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "new" (func $new))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: stateful
;;= warning[answers_change] call 2 of `work` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because unknown (host-state): neither memory nor globals explain it: handles, streams or other state of the host do
;;= warning[handles_grow] calls of `work` leak tasks, waitable sets or streams, 1 per call: 2008 after 2008 calls; `work` asks for them
