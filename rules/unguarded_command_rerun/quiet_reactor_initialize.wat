;; `zig cc -mexec-model=reactor`: constructors run once, from the fixup module's start function. The lifted run is an
;; ordinary exported function that calls none of them.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $__wasm_call_ctors
      i32.const 0
      i32.const 2048
      i32.store offset=1032)
    (func $_initialize (export "_initialize")
      block $first
        i32.const 0
        i32.load offset=1040
        i32.eqz
        br_if $first
        unreachable
      end
      i32.const 0
      i32.const 1
      i32.store offset=1040
      call $__wasm_call_ctors)
    (func $exports_wasi_cli_run_run (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 1)
    (func $__wasm_export_run (export "wasi:cli/run@0.2.6#run") (result i32)
      call $exports_wasi_cli_run_run
      i32.eqz))

  (core module $wit-component-fixup
    (import "" "_initialize" (func $_initialize))
    (start $_initialize))

  (core instance $main (instantiate $main))
  (core instance (instantiate $wit-component-fixup
    (with "" (instance (export "_initialize" (func $main "_initialize"))))))
  (func $run (result (result)) (canon lift (core func $main "wasi:cli/run@0.2.6#run")))
  (instance $wasi:cli/run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run)))
