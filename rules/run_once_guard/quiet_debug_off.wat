;; The guard is behind an immutable global that is 0.
(component
  (core module $main
    (memory (export "memory") 2)
    (global $debug_assertions i32 (i32.const 0))
    (func (export "run")
      (if (global.get $debug_assertions)
        (then
          (if (i32.load (i32.const 1040)) (then unreachable))
          (i32.store (i32.const 1040) (i32.const 1))))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
