;; No code of `work` reaches `task.return`. That of `rest` does.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (func (export "work") (result i32)
      (i32.const 0))
    (func (export "rest") (result i32)
      (call $return (i32.const 42))
      (i32.const 0))
    (func (export "callback") (param i32 i32 i32) (result i32)
      unreachable))
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback"))))
  (func (export "rest") async (result u32)
    (canon lift (core func $main "rest") async (callback (core func $main "callback")))))
