;; The proxy adapter has no `wasi:cli/exit`: its `proc_exit` traps.
(component
  (core module $adapter
    (func (export "proc_exit") (param i32)
      (if (i32.eq (local.get 0) (i32.const 560490357))
        (then unreachable))
      unreachable))
  (core module $main
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (func (export "work") (param i32)
      (if (local.get 0)
        (then (call $exit (i32.const 0)))))
    (func (export "rest")))
  (core instance $adapter (instantiate $adapter))
  (core instance $main (instantiate $main
    (with "wasi_snapshot_preview1" (instance (export "proc_exit" (func $adapter "proc_exit"))))))
  (func (export "work") (param "last" u32) (canon lift (core func $main "work")))
  (func (export "rest") (canon lift (core func $main "rest"))))
