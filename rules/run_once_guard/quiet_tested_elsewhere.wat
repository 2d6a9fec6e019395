;; Another core instance has a guard at the same address; the export calls its harmless neighbour.
(component
  (core module $command
    (memory (export "memory") 2)
    (func (export "_start")
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1)))
    (func (export "version") (result i32) (i32.const 3)))
  (core module $main
    (import "command" "version" (func $version (result i32)))
    (memory (export "memory") 2)
    (func (export "version") (result i32)
      (i32.store (i32.const 1040) (i32.const 1))
      (call $version)))
  (core instance $command (instantiate $command))
  (core instance $main (instantiate $main (with "command" (instance $command))))
  (func (export "version") (result u32) (canon lift (core func $main "version"))))
