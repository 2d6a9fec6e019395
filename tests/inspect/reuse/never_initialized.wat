;; A reactor that wit-component before 0.217 made a component: nothing runs `_initialize`.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "_initialize")
      (i32.store (i32.const 1024) (i32.const 7)))
    (func (export "get") (result i32)
      (i32.load (i32.const 1024))))
  (core instance $main (instantiate $main))
  (func (export "get") (result u32) (canon lift (core func $main "get"))))
