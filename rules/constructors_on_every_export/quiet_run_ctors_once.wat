;; Rust with wit-bindgen: every export begins with `run_ctors_once`, which checks a flag and skips the constructors
;; from the second call on.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $__wasm_call_ctors
      i32.const 0
      i32.const 100
      i32.store offset=1024)
    (func $wit_bindgen::rt::run_ctors_once
      block $done
        i32.const 0
        i32.load8_u offset=1041
        br_if $done
        call $__wasm_call_ctors
        i32.const 0
        i32.const 1
        i32.store8 offset=1041
      end)
    (func $tick (export "tick") (result i32)
      call $wit_bindgen::rt::run_ctors_once
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0
      i32.load offset=1024)
    (func $length (export "length") (param i32 i32) (result i32)
      call $wit_bindgen::rt::run_ctors_once
      local.get 1)
    (func $cabi_realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      i32.const 2048))

  (core instance $main (instantiate $main))
  (alias core export $main "memory" (core memory $memory))
  (alias core export $main "cabi_realloc" (core func $cabi_realloc))
  (func (export "tick") (result u32) (canon lift (core func $main "tick")))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length")
      (memory $memory) (realloc $cabi_realloc))))
;;= warning[known_answers_differ] core module 0 `main` > func 2 `tick` (0x92): `tick` answers 101 on a fresh instance and 102 in its second call
