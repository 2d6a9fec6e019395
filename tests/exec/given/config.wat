;; Reads values that the user provided, through the current and the former version of the interface. Any other value is
;; missing, and the guest traps. Reusable; no import is stubbed.
(component
  (import "wasi:config/store@0.2.0-rc.1" (instance $store
    (type $failure (variant (case "upstream" string) (case "io" string)))
    (export "error" (type $error (eq $failure)))
    (export "get" (func (param "key" string) (result (result (option string) (error $error)))))
    (export "get-all" (func (result (result (list (tuple string string)) (error $error)))))))
  (import "wasi:config/runtime@0.2.0-draft" (instance $runtime
    (type $failure (variant (case "upstream" string) (case "io" string)))
    (export "config-error" (type $error (eq $failure)))
    (export "get" (func (param "key" string) (result (result (option string) (error $error)))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      ;; What is of another size is in another place.
      (i32.add (i32.const 1024) (i32.shl (local.get 3) (i32.const 4)))))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $get (canon lower (func $store "get") (memory (core memory $m)) (realloc (core func $realloc))))
  (core func $all (canon lower (func $store "get-all") (memory (core memory $m)) (realloc (core func $realloc))))
  (core func $former (canon lower (func $runtime "get") (memory (core memory $m)) (realloc (core func $realloc))))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "get" (func $get (param i32 i32 i32)))
    (import "" "all" (func $all (param i32)))
    (import "" "former" (func $former (param i32 i32 i32)))
    (data (i32.const 512) "limitcolour")
    (func (export "count") (result i32)
      (call $get (i32.const 512) (i32.const 5) (i32.const 16))
      (call $is-some (i32.const 2))
      (if (i32.ne (i32.load16_u (i32.load (i32.const 24))) (i32.const 0x3031)) (then unreachable))
      (call $former (i32.const 517) (i32.const 6) (i32.const 16))
      (call $is-some (i32.const 3))
      (call $get (i32.const 512) (i32.const 4) (i32.const 16)) ;; "limi" is missing
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (if (i32.load8_u (i32.const 20)) (then unreachable))
      (call $all (i32.const 16))
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (if (i32.ne (i32.load (i32.const 24)) (i32.const 2)) (then unreachable))
      (i32.load (i32.const 24)))
    (func $is-some (param $length i32)
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (if (i32.eqz (i32.load8_u (i32.const 20))) (then unreachable))
      (if (i32.ne (i32.load (i32.const 28)) (local.get $length)) (then unreachable))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $m))
      (export "get" (func $get))
      (export "all" (func $all))
      (export "former" (func $former))))))
  (func (export "count") (result u32) (canon lift (core func $main "count"))))
;;= count: reusable_observed 8
