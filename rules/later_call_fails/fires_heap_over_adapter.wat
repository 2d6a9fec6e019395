;; A preview1 adapter asks for a page and keeps its state there. The program's heap takes the pages that follow its own for
;; its own as well: it grows memory, and goes on where it was. Each call takes 24 KiB. The fourth one overwrites the state.
(component
  (core module $shim
    (type $of (func (param i32) (result i32)))
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (type $of) (call_indirect (type $of) (local.get 0) (i32.const 0))))
  (core module $main
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func $take (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (if (i32.gt_u (global.get $next) (i32.shl (memory.size) (i32.const 16)))
        (then (drop (memory.grow (i32.const 1)))))
      (local.get $at))
    (func (export "work") (result i32)
      (local $buffer i32)
      (local.set $buffer (call $take (i32.const 24576)))
      (memory.fill (local.get $buffer) (i32.const 7) (i32.const 24576))
      (call $close (i32.const 5))))
  (core module $adapter
    (import "env" "memory" (memory 0))
    (global $state (mut i32) (i32.const 0))
    (func (export "fd_close") (param i32) (result i32)
      (if (i32.eqz (global.get $state))
        (then
          (global.set $state (i32.add (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)) (i32.const 32768)))
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
    (with "env" (instance (export "memory" (memory $main "memory"))))))
  (core instance (instantiate $fixups
    (with "" (instance
      (export "0" (func $adapter "fd_close"))
      (export "$imports" (table $shim "$imports"))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: breaks_after 4
;;= error[later_call_fails] call 4 of `work` on the same instance traps (unreachable), where a fresh instance returns
;;=   because `next`: 1024 before the first of calls 1 to 3, 0x12400 after; with it put back, call 4 returns as a fresh instance does
