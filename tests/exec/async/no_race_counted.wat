;; Counts a call, waits, and answers how many there are. Concurrent calls answer otherwise than calls in sequence, and leave
;; what these leave: no race of an export that keeps a count.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $n (mut i32) (i32.const 0))
    (func (export "add") (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $pause) (call $return (global.get $n))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "add") async (result u32) (canon lift (core func $main "add") async)))
;;= add: stateful
;;= warning[answers_change] call 2 of `add` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because `n`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
