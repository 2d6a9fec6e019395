;; The guard comes late: a call and its loop run before it, on every path.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1024) "level=3\00")
    (func $strlen (param $s i32) (result i32) (local $n i32)
      block $end
        loop $next
          (br_if $end (i32.eqz (i32.load8_u (i32.add (local.get $s) (local.get $n)))))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br $next)
        end
      end
      (local.get $n))
    (func (export "init-logger") (result i32) (local $length i32)
      (local.set $length (call $strlen (i32.const 1024)))
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (local.get $length)))
  (core instance $main (instantiate $main))
  (func (export "init-logger") (result u32) (canon lift (core func $main "init-logger"))))
;;= error[run_once_guard] core module 0 `main` > func 1 `init-logger` (0x7a): `init-logger` traps when called again in the same instance
