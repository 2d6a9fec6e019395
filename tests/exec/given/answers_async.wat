;; Adds up two answers of an async import: 1 and 2, in each call. Two concurrent calls would share them, and are not
;; made. Reusable; no race.
(component
  (import "next" (func $next async (result u32)))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $next (canon lower (func $next) async (memory (core memory $memory "memory"))))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "next" (func $next (param i32) (result i32)))
    (import "" "return" (func $return (param i32)))
    (global $sum (mut i32) (i32.const 0))
    (func $add
      (if (i32.ne (call $next (i32.const 16)) (i32.const 2)) (then unreachable)) ;; returned
      (global.set $sum (i32.add (global.get $sum) (i32.load (i32.const 16)))))
    (func (export "work") (result i32)
      (global.set $sum (i32.const 0))
      (call $add)
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $add)
      (if (i32.ne (global.get $sum) (i32.const 3)) (then unreachable))
      (call $return (global.get $sum))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "next" (func $next))
      (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: reusable_observed 8
