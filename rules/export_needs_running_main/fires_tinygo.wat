;; TinyGo 0.34 or later with its default build mode: the wrapper of `//go:wasmexport tick` checks that the runtime was
;; initialized. Only `_start` would do that.
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
    (func $main.main)
    (func $_start (export "_start")
      i32.const 0
      i32.const 1
      i32.store8 offset=66564
      call $runtime.initAll
      call $main.main)
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

  (core instance $main (instantiate $main))
  (func (export "tick") (result u32) (canon lift (core func $main "tick"))))
;;= error[export_needs_running_main] core module 0 `main` > func 6 `tick#wasmexport` (0x9d): `tick` needs `main` to be running, and nothing in this component starts it
