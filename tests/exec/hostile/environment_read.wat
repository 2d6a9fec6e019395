;; Returns the number of command-line arguments. The host provides the same to each instance. Reusable. It needs a
;; `realloc`, because the host passes lists.
(component
  (import "wasi:cli/environment@0.2.6" (instance $environment
    (export "get-arguments" (func (result (list string))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "arguments" (func $arguments (param i32)))
    (func (export "count") (result i32)
      (call $arguments (i32.const 16))
      (i32.load (i32.const 20))))
  (core instance $memory (instantiate $memory))
  (core func $arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "arguments" (func $arguments))))))
  (func (export "count") (result u32) (canon lift (core func $main "count"))))
;;= count: reusable_observed 8
