;; The task returns its answer, yields once more, increments a counter and ends. Each answer is the previous count: 0,
;; 1, 2. Stateful, by work that is done after the answer. A host that calls again before that work is done sees only
;; 0.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (global $done (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (call $return (global.get $done))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (global.set $done (i32.add (global.get $done) (i32.const 1)))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: stateful
;;= warning[answers_change] call 2 of `work` on the same instance answers `1`, where a fresh instance answers `0`
;;=   because `done`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
