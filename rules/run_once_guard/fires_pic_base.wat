;; A shared library's flag: its address is a constant added to `__memory_base`,
;; an immutable global that another core instance exports.
(component
  (core module $env
    (memory (export "memory") 2)
    (global (export "libcount.so:memory_base") i32 (i32.const 1024)))
  (core module $libcount.so
    (import "env" "memory" (memory 1))
    (import "env" "__memory_base" (global $__memory_base i32))
    (func (export "run")
      global.get $__memory_base
      i32.const 16
      i32.add
      i32.load
      if
        unreachable
      end
      global.get $__memory_base
      i32.const 1
      i32.store offset=16))
  (core instance $env (instantiate $env))
  (core instance $libcount.so (instantiate $libcount.so
    (with "env" (instance
      (export "memory" (memory $env "memory"))
      (export "__memory_base" (global $env "libcount.so:memory_base"))))))
  (func (export "run") (canon lift (core func $libcount.so "run"))))
;;= error[run_once_guard] core module 1 `libcount.so` > func 0 `run` (0xa6): `run` traps when called again in the same instance
