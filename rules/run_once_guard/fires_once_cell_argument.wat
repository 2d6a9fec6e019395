;; `CONFIG.set(level).unwrap()`: the callee gets the cell as a pointer.
(component
  (core module $main
    (memory (export "memory") 2)
    ;; struct OnceCell { int is_set; int value; }
    (func $once_cell_set (param $cell i32) (param $value i32)
      (if (i32.load (local.get $cell)) (then unreachable))
      (i32.store offset=4 (local.get $cell) (local.get $value))
      (i32.store (local.get $cell) (i32.const 1)))
    (func (export "configure") (param $level i32)
      (call $once_cell_set (i32.const 1040) (local.get $level))))
  (core instance $main (instantiate $main))
  (func (export "configure") (param "level" u32) (canon lift (core func $main "configure"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `once_cell_set` (0x4d): `configure` traps when called again in the same instance
