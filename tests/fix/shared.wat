;; The host and another part call the same function, with an argument that is allocated.
(component
  (component $log
    (core module $m
      (memory (export "memory") 1)
      (global $end (mut i32) (i32.const 64))
      (func (export "add") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (local.get 1)))
        (i32.add (i32.load (i32.const 16)) (i32.mul (global.get $end) (i32.const 1000))))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $end)
        (global.set $end (i32.add (global.get $end) (local.get 3)))))
    (core instance $m (instantiate $m))
    (func (export "add") (param "text" string) (result u32)
      (canon lift (core func $m "add") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $user
    (import "add" (func $add (param "text" string) (result u32)))
    (core module $memory (memory (export "memory") 1) (data (i32.const 8) "abc"))
    (core instance $memory (instantiate $memory))
    (core func $add (canon lower (func $add) (memory (core memory $memory "memory"))))
    (core module $m
      (import "log" "add" (func $add (param i32 i32) (result i32)))
      (func (export "run") (result i32)
        (drop (call $add (i32.const 8) (i32.const 1)))
        (call $add (i32.const 8) (i32.const 3))))
    (core instance $m (instantiate $m (with "log" (instance (export "add" (func $add))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $log (instantiate $log))
  (instance $user (instantiate $user (with "add" (func $log "add"))))
  (export "add" (func $log "add"))
  (export "run" (func $user "run")))
