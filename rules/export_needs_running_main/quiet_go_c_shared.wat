;; Go built with -buildmode=c-shared: no `_start`, but an `_initialize` that the fixup module calls from its start
;; function. The text of the abort message is in the data nevertheless.
(component
  (core module $main
    (@custom "go:buildid" (before first) "\ff Go build ID: \22f00d/cafe\22\0a \ff")
    (@producers
      (language "Go" "go1.27.3")
      (processed-by "Go cmd/compile" "go1.27.3"))

    (memory (export "memory") 20)
    (global $SP (mut i32) (i32.const 0))
    (global $PAUSE (mut i32) (i32.const 0))
    (func $runtime.rt0_go (param i32) (result i32)
      i32.const 1234176
      i64.const 1230720
      i64.store
      i32.const 0)
    (func $wasm_pc_f_loop)
    (func $runtime.notInitialized
      unreachable)
    (func $_rt0_wasm_wasip1
      i64.const 1299408
      i32.wrap_i64
      global.set $SP
      i32.const 0
      call $runtime.rt0_go
      drop
      call $wasm_pc_f_loop
      return)
    (func $_rt0_wasm_wasip1_lib (export "_initialize")
      call $_rt0_wasm_wasip1
      return)
    (func $main.tick (param i32) (result i32)
      i32.const 1290972
      i32.const 1290972
      i32.load
      i32.const 1
      i32.add
      i32.store
      i32.const 0)
    (func $tick (export "tick") (result i32)
      global.get $SP
      i32.eqz
      if
        call $runtime.notInitialized
      end
      i32.const 0
      call $main.tick
      drop
      i32.const 1290972
      i32.load)
    (data (i32.const 4096)
      "runtime: wasmexport function called before runtime initialization\0a\09call _initialize first\0a"))

  (core module $wit-component-fixup
    (import "" "_initialize" (func $_initialize))
    (start $_initialize))

  (core instance $main (instantiate $main))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance (export "_initialize" (func $main "_initialize"))))))
  (func (export "tick") (result u32) (canon lift (core func $main "tick"))))
;;= warning[known_answers_differ] core module 0 `main` > func 5 `main.tick` (0xca): `tick` answers 1 on a fresh instance and 2 in its second call
