;; C++ with -mexec-model=reactor: the constructors run in `_initialize`, which the fixup module calls once,
;; from its start function.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $__wasm_call_ctors
      i32.const 0
      i32.const 100
      i32.store offset=1024)
    (func $_initialize (export "_initialize")
      block $first
        i32.const 0
        i32.load offset=1032
        i32.eqz
        br_if $first
        unreachable
      end
      i32.const 0
      i32.const 1
      i32.store offset=1032
      call $__wasm_call_ctors)
    (func $tick (export "tick") (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0
      i32.load offset=1024)
    (func $reset (export "reset")
      i32.const 0
      i32.const 100
      i32.store offset=1024))

  (core module $wit-component-fixup
    (import "" "_initialize" (func $_initialize))
    (start $_initialize))

  (core instance $main (instantiate $main))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance (export "_initialize" (func $main "_initialize"))))))
  (func (export "tick") (result u32) (canon lift (core func $main "tick")))
  (func (export "reset") (canon lift (core func $main "reset"))))
;;= warning[known_answers_differ] core module 0 `main` > func 2 `tick` (0x81): `tick` answers 101 on a fresh instance and 102 in its second call
