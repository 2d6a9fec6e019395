;; Returns a string that is part of its data. Nothing is allocated, so nothing has to be freed.
(component
  (core module $main
    (memory (export "memory") 1)
    (data (i32.const 16) "\20\00\00\00\05\00\00\00")
    (data (i32.const 32) "hello")
    (func (export "greet") (result i32)
      (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "greet") (result string)
    (canon lift (core func $main "greet") (memory (core memory $main "memory")))))
