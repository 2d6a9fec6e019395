;; A data segment sets the flag: even the first call traps. Broken, but not by reuse.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1040) "\01\00\00\00")
    (func $_start (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
