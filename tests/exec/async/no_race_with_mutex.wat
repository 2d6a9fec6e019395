;; Keeps its argument in a global across a wait. Other calls yield until the lock is free.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core func $yield (canon thread.yield))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (import "" "yield" (func $yield (result i32)))
    (global $lock (mut i32) (i32.const 0)) (global $x (mut i32) (i32.const 0))
    (func (export "work") (param i32)
      (loop $l (if (global.get $lock) (then (drop (call $yield)) (br $l))))
      (global.set $lock (i32.const 1))
      (global.set $x (local.get 0)) (call $pause)
      (global.set $lock (i32.const 0))
      (call $return (global.get $x))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause)) (export "yield" (func $yield))))))
  (func (export "work") async (param "x" u32) (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
