;; `setup` stores the result of an import, and `use` traps without it. The import was called before the call that
;; fails: the missing result is the cause, not `use`.
(component
  (import "my:db/db" (instance $x (export "connect" (func (result u32)))))
  (core func $get (canon lower (func $x "connect")))
  (core module $m
    (import "" "get" (func $get (result i32)))
    (global $n (mut i32) (i32.const 0))
    (func (export "setup") (global.set $n (call $get)))
    (func (export "use") (result i32)
      (if (i32.eqz (global.get $n)) (then unreachable))
      (i32.const 1)))
  (core instance $i (instantiate $m (with "" (instance (export "get" (func $get))))))
  (func (export "setup") (canon lift (core func $i "setup")))
  (func (export "use") (result u32) (canon lift (core func $i "use"))))
;;= setup: reusable_observed 8
;;= use: unknown
;;= use not seen: not-exercised: each first call traps (unreachable); it may need an answer of `my:db/db#connect` (--answer or --with)
