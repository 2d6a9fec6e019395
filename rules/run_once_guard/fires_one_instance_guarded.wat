;; One core module, two instances with different imported limits: `a` may be called once, `b` any number of times.
(component
  (core module $one (global (export "limit") i32 (i32.const 1)))
  (core module $many (global (export "limit") i32 (i32.const -1)))
  (core module $main
    (import "env" "limit" (global $limit i32))
    (memory (export "memory") 2)
    (func (export "run")
      (if (i32.ge_u (i32.load (i32.const 1040)) (global.get $limit)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $one (instantiate $one))
  (core instance $many (instantiate $many))
  (core instance $left (instantiate $main (with "env" (instance $one))))
  (core instance $right (instantiate $main (with "env" (instance $many))))
  (func (export "a") (canon lift (core func $left "run")))
  (func (export "b") (canon lift (core func $right "run"))))
;;= error[run_once_guard] core module 2 `main` > func 0 `run` (0xa8): `a` traps when called again in the same instance
