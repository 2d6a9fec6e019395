;; Two memories: the call tests address 1040 of one and stores to address 1040 of the other.
(component
  (core module $main
    (memory $state 1)
    (memory $heap (export "memory") 2)
    (func (export "run")
      (if (i32.load $state (i32.const 1040)) (then unreachable))
      (i32.store $heap (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
