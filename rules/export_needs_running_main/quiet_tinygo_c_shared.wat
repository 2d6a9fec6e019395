;; TinyGo with -buildmode=c-shared: `_initialize` sets the flag that each wrapper checks, and the fixup module calls it
;; before `tick` can be called.
(component
  (core module $main
    (@producers
      (language "C99" "")
      (processed-by "TinyGo" "0.39.0"))
    (memory (export "memory") 2)
    (func $runtime.initAll
      i32.const 0
      i32.const 131072
      i32.store offset=66560)
    (func $runtime.runtimePanic
      unreachable)
    (func $_initialize (export "_initialize")
      i32.const 0
      i32.const 1
      i32.store8 offset=66564
      call $runtime.initAll)
    (func $runtime.wasmExportCheckRun
      i32.const 0
      i32.load8_u offset=66564
      i32.eqz
      if
        call $runtime.runtimePanic
        unreachable
      end)
    (func $main.tick (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=66568
      i32.const 1
      i32.add
      i32.store offset=66568
      i32.const 0
      i32.load offset=66568)
    (func $tick#wasmexport (export "tick") (result i32)
      call $runtime.wasmExportCheckRun
      call $main.tick)
    (data (i32.const 65536)
      "panic: runtime error: //go:wasmexport function called before runtime initialization\00"
      "//go:wasmexport function called after main.main returned\00"))

  (core module $wit-component-fixup
    (import "" "_initialize" (func $_initialize))
    (start $_initialize))

  (core instance $main (instantiate $main))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance (export "_initialize" (func $main "_initialize"))))))
  (func (export "tick") (result u32) (canon lift (core func $main "tick"))))
;;= warning[known_answers_differ] core module 0 `main` > func 4 `main.tick` (0x86): `tick` answers 1 on a fresh instance and 2 in its second call
