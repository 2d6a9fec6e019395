;;$ --keep set
;; A state that is meant: `set` keeps what the call before left, `get` does not.
(component
  (core module $m
    (global $value (mut i32) (i32.const 0))
    (func (export "set") (param i32) (global.set $value (local.get 0)))
    (func (export "get") (result i32)
      (global.set $value (i32.add (global.get $value) (i32.const 1)))
      (global.get $value)))
  (core instance $m (instantiate $m))
  (func (export "set") (param "value" u32) (canon lift (core func $m "set")))
  (func (export "get") (result u32) (canon lift (core func $m "get"))))
