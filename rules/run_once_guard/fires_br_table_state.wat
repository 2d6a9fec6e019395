;; A state machine: state 0 goes to 1, every other state traps.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      block $started
        block $fresh
          (br_table $fresh $started (i32.load (i32.const 1040)))
        end
        (i32.store (i32.const 1040) (i32.const 1))
        return
      end
      unreachable))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x54): `run` traps when called again in the same instance
