;; A Rust library that exports wasi:cli/run through wit-bindgen: `run` is an ordinary function. It is meant to run
;; again on each call: no constructor, no main, no atexit.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $app::run (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0)
    (func $wasi:cli/run@0.2.6#run (export "wasi:cli/run@0.2.6#run") (result i32)
      call $app::run)
    (func $cabi_realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      i32.const 2048))

  (core instance $main (instantiate $main))
  (func $run (result (result)) (canon lift (core func $main "wasi:cli/run@0.2.6#run")))
  (instance $wasi:cli/run (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $wasi:cli/run)))
