;; Keeps its argument in a slot of memory that no other call has while it waits.
(component
  (import "pause" (func $pause async))
  (core module $libc (memory (export "memory") 1))
  (core instance $libc (instantiate $libc))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (import "libc" "memory" (memory 1))
    (func (export "work") (param i32) (local $s i32)
      (loop $l (if (i32.load (local.get $s)) (then (local.set $s (i32.add (local.get $s) (i32.const 8))) (br $l))))
      (i32.store (local.get $s) (i32.const 1)) (i32.store offset=4 (local.get $s) (local.get 0))
      (call $pause)
      (i32.store (local.get $s) (i32.const 0))
      (call $return (i32.load offset=4 (local.get $s)))))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "work") async (param "x" u32) (result u32) (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
