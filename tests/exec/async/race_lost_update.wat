;; Reads a counter, waits, and writes it. In sequence each call counts. Of two concurrent calls, one is lost: each answers
;; as it does alone, and the call after them shows it.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (global $n (mut i32) (i32.const 0))
    (func (export "inc") (local $x i32) (local.set $x (global.get $n)) (call $pause) (global.set $n (i32.add (local.get $x) (i32.const 1))) (call $return (global.get $n))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "inc") async (result u32) (canon lift (core func $main "inc") async)))
;;= inc: stateful
;;= warning[answers_change] call 2 of `inc` on the same instance answers `2`, where a fresh instance answers `1`
;;=   because `n`: 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance does
;;= note[overlapping_calls_differ] two concurrent calls of `inc` on one instance change the next call: it answers `2`; after calls in sequence it answers `3`
;;=   because `n`: 2 after calls in sequence, 1 after these; with it put back, the call of `inc` does what it does after calls in sequence
