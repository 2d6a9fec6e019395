;; A preview1 adapter takes a page for its state from the program's allocator, which each call empties. The next call's
;; argument overwrites the adapter's state.
(component
  (core module $shim
    (type $of (func (param i32) (result i32)))
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (type $of) (call_indirect (type $of) (local.get 0) (i32.const 0))))
  (core module $main
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (memory (export "memory") 3)
    (global $next (mut i32) (i32.const 1024))
    (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at))
    (func (export "length") (param i32 i32) (result i32)
      (drop (call $close (i32.const 5)))
      (global.set $next (i32.const 1024))
      (local.get 1)))
  (core module $adapter
    (import "env" "memory" (memory 0))
    (import "__main_module__" "cabi_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (global $state (mut i32) (i32.const 0))
    (func (export "fd_close") (param i32) (result i32)
      (if (i32.eqz (global.get $state))
        (then
          (global.set $state
            (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 65536)))
          (i32.store (global.get $state) (i32.const 560490357))))
      (if (i32.ne (i32.load (global.get $state)) (i32.const 560490357))
        (then unreachable))
      (i32.const 8)))
  (core module $fixups
    (import "" "0" (func $close (param i32) (result i32)))
    (import "" "$imports" (table 1 1 funcref))
    (elem (i32.const 0) func $close))
  (core instance $shim (instantiate $shim))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance (export "fd_close" (func $shim "0"))))))
  (core instance $adapter (instantiate $adapter
    (with "env" (instance (export "memory" (memory $main "memory"))))
    (with "__main_module__" (instance (export "cabi_realloc" (func $main "cabi_realloc"))))))
  (core instance (instantiate $fixups
    (with "" (instance
      (export "0" (func $adapter "fd_close"))
      (export "$imports" (table $shim "$imports"))))))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length") (memory (core memory $main "memory"))
      (realloc (core func $main "cabi_realloc")))))
