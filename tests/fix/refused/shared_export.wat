;; A start function calls the function that the host calls, too.
(component
  (component $counter
    (core module $m
      (global $count (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (global.get $count)))
    (core instance $m (instantiate $m))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))
  (component $user
    (import "next" (func $next (result u32)))
    (core func $next (canon lower (func $next)))
    (core module $m
      (import "counter" "next" (func $next (result i32)))
      (func $start (drop (call $next)))
      (start $start)
      (func (export "run") (result i32) (call $next)))
    (core instance $m (instantiate $m (with "counter" (instance (export "next" (func $next))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $counter (instantiate $counter))
  (instance $user (instantiate $user (with "next" (func $counter "next"))))
  (export "next" (func $counter "next"))
  (export "run" (func $user "run")))
