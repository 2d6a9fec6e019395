;; An async export that returns the number of the call, after one yield. Stateful.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (global $calls (mut i32) (i32.const 0))
    (func (export "count") (result i32)
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (call $return (global.get $calls))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "count") async (result u32)
    (canon lift (core func $main "count") async (callback (core func $main "callback")))))
;;= count: stateful
;;= warning[answers_change] call 2 of `count` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because `calls`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
