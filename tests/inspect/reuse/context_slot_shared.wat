;; Two modules keep something of their own in slot 0 of the task.
(component
  (core func $get (canon context.get i32 0))
  (core func $set (canon context.set i32 0))
  (core module $runtime
    (import "" "set" (func $set (param i32)))
    (func (export "enter")
      (call $set (i32.const 7))))
  (core module $main
    (import "" "get" (func $get (result i32)))
    (import "" "set" (func $set (param i32)))
    (import "" "enter" (func $enter))
    (func (export "work") (result i32)
      (call $set (i32.const 1))
      (call $enter)
      (call $get)))
  (core instance $runtime (instantiate $runtime (with "" (instance
    (export "set" (func $set))))))
  (core instance $main (instantiate $main (with "" (instance
    (export "get" (func $get)) (export "set" (func $set))
    (export "enter" (func $runtime "enter"))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
