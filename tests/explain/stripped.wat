;; A component without names that works once: the second call finds a flag, and traps.
(component
  (core module
    (memory (export "memory") 1)
    (func (export "once")
      i32.const 0
      i32.load offset=1040
      if
        call 1
      end
      i32.const 0
      i32.const 1
      i32.store offset=1040)
    (func
      unreachable))
  (core instance (instantiate 0))
  (alias core export 0 "once" (core func))
  (func (canon lift (core func 0)))
  (export "once" (func 0)))
