;; What wizer called while building is still exported. It does not run beside a call that waits.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core module $main
    (import "" "pause" (func $pause))
    (global $ready (mut i32) (i32.const 1))
    (func (export "wizer-initialize") (global.set $ready (i32.const 1)))
    (func (export "ready") (result i32) (global.get $ready))
    (func (export "work") (call $pause)))
  (core instance $main (instantiate $main (with "" (instance (export "pause" (func $pause))))))
  (func (export "wizer-initialize") (canon lift (core func $main "wizer-initialize")))
  (func (export "ready") (result u32) (canon lift (core func $main "ready")))
  (func (export "work") async (canon lift (core func $main "work"))))
