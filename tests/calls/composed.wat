;; Two components in a third: `counter` counts, and `front` asks it for the number. `front` also keeps a flag: `once` traps
;; when it finds it set.
(component
  (component $pair
    (component $counter
      (core module $counting
        (global $count (mut i32) (i32.const 0))
        (func $next (export "next") (result i32)
          (global.set $count (i32.add (global.get $count) (i32.const 1)))
          (global.get $count)))
      (core instance $counting (instantiate $counting))
      (func (export "next") (result u32) (canon lift (core func $counting "next"))))
    (component $front
      (import "next" (func $next (result u32)))
      (core func $next (canon lower (func $next)))
      (core module $asking
        (import "" "next" (func $next (result i32)))
        (global $used (mut i32) (i32.const 0))
        (func $ask (export "ask") (result i32) (call $next))
        (func $once (export "once")
          (if (global.get $used) (then unreachable))
          (global.set $used (i32.const 1))))
      (core instance $asking (instantiate $asking
        (with "" (instance (export "next" (func $next))))))
      (func (export "ask") (result u32) (canon lift (core func $asking "ask")))
      (func (export "once") (canon lift (core func $asking "once"))))
    (instance $counter (instantiate $counter))
    (instance $front (instantiate $front (with "next" (func $counter "next"))))
    (export "ask" (func $front "ask"))
    (export "once" (func $front "once")))
  (instance $pair (instantiate $pair))
  (export "ask" (func $pair "ask"))
  (export "once" (func $pair "once")))
