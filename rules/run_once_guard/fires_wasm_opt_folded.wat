;; After wasm-opt: the address is folded into the constant, the branch is an `if` around the trap.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      i32.const 1040
      i32.load
      if
        unreachable
      end
      i32.const 1040
      i32.const 1
      i32.store))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x43): `run` traps when called again in the same instance
