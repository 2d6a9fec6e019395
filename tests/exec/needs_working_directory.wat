;; Like a Zed extension: `init` fails unless `PWD` is in the environment, and everything else fails before `init`.
(component
  (import "wasi:cli/environment@0.2.6" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))))
  (core module $memory
    (memory (export "memory") 1)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $variables (canon lower (func $environment "get-environment")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "variables" (func $variables (param i32)))
    (global $ready (mut i32) (i32.const 0))
    (func (export "init")
      (call $variables (i32.const 16))
      (if (i32.eqz (i32.load (i32.const 20))) (then unreachable))
      (global.set $ready (i32.const 1)))
    (func (export "label") (param i32) (result i32)
      (if (i32.eqz (global.get $ready)) (then unreachable))
      (i32.add (local.get 0) (i32.const 1))))
  (core instance $main (instantiate $main (with "" (instance
    (export "memory" (memory $memory "memory"))
    (export "variables" (func $variables))))))
  (func (export "init") (canon lift (core func $main "init")))
  (func (export "label") (param "id" u32) (result u32) (canon lift (core func $main "label"))))
;;= init: reusable_observed 8
;;= label: reusable_observed 8
