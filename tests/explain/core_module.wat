;; A core module for preview1 that can be run once, as `clang --target=wasm32-wasip1` makes them.
(module
  (memory (export "memory") 1)
  (func $_start (export "_start")
    i32.const 0
    i32.load offset=1040
    if
      unreachable
    end
    i32.const 0
    i32.const 1
    i32.store offset=1040))
