;; The call saves the flag's old value and restores it.
(component
  (core module $main
    (global $depth (mut i32) (i32.const 0))
    (func (export "run") (local $saved i32)
      (local.set $saved (global.get $depth))
      (if (local.get $saved) (then unreachable))
      (global.set $depth (i32.const 1))
      (global.set $depth (local.get $saved))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run"))))
