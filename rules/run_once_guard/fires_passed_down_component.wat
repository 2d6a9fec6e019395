;; The guarded component itself is the argument: the inner component instantiates the component that it gets.
(component
  (component $engine
    (core module $main
      (memory (export "memory") 2)
      (func (export "run")
        (if (i32.load (i32.const 1040)) (then unreachable))
        (i32.store (i32.const 1040) (i32.const 1))))
    (core instance $main (instantiate $main))
    (func (export "run") (canon lift (core func $main "run"))))
  (component $loader
    (import "plugin" (component $plugin (export "run" (func))))
    (instance $plugin (instantiate $plugin))
    (export "run" (func $plugin "run")))
  (instance $loader (instantiate $loader (with "plugin" (component $engine))))
  (export "run" (func $loader "run")))
;;= error[run_once_guard] core module 0 `main` > func 0 `run` (0x4b): `run` traps when called again in the same instance
