;; `step` is lifted two components down and calls the guarded `begin` of its sibling, passed as an argument. It is
;; exported through an instance and two aliases.
(component
  (component $app
    (component $engine
      (core module $main
        (memory (export "memory") 2)
        (func $begin (export "begin")
          (if (i32.load (i32.const 1040)) (then unreachable))
          (i32.store (i32.const 1040) (i32.const 1))))
      (core instance $main (instantiate $main))
      (func (export "begin") (canon lift (core func $main "begin"))))
    (component $driver
      (import "begin" (func $begin))
      (core func $begin (canon lower (func $begin)))
      (core module $main
        (import "engine" "begin" (func $begin))
        (func (export "step") (result i32)
          (call $begin)
          (i32.const 1)))
      (core instance $main (instantiate $main
        (with "engine" (instance (export "begin" (func $begin))))))
      (func $step (result u32) (canon lift (core func $main "step")))
      (instance $control (export "step" (func $step)))
      (export "control" (instance $control)))
    (instance $engine (instantiate $engine))
    (alias export $engine "begin" (func $begin))
    (instance $driver (instantiate $driver (with "begin" (func $begin))))
    (alias export $driver "control" (instance $control))
    (export "control" (instance $control)))
  (instance $app (instantiate $app))
  (alias export $app "control" (instance $control))
  (alias export $control "step" (func $step))
  (export "step" (func $step)))
;;= error[run_once_guard] core module 0 `main` > func 0 `begin` (0x58): `step` traps when called again in the same instance
