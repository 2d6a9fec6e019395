;; A lock that traps if it is held: acquired by a compare-exchange, released by an atomic store.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "push") (param $value i32)
      block $locked
        (br_if $locked
          (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 1040) (i32.const 0) (i32.const 1))))
        unreachable ;; deadlock
      end
      (i32.store (i32.const 1044) (local.get $value))
      (i32.atomic.store (i32.const 1040) (i32.const 0))))
  (core instance $main (instantiate $main))
  (func (export "push") (param "value" u32) (canon lift (core func $main "push"))))
