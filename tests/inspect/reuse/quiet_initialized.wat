;; The same by a newer one: its last module runs it as a start function.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "_initialize")
      (i32.store (i32.const 1024) (i32.const 7)))
    (func (export "get") (result i32)
      (i32.load (i32.const 1024))))
  (core module $fixups
    (import "" "_initialize" (func $initialize))
    (start $initialize))
  (core instance $main (instantiate $main))
  (core instance (instantiate $fixups
    (with "" (instance (export "_initialize" (func $main "_initialize"))))))
  (func (export "get") (result u32) (canon lift (core func $main "get"))))
