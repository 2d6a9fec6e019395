;; TinyGo's results are collected with the rest of the garbage.
(component
  (core module $main
    (@producers (processed-by "TinyGo" "0.39.0"))
    (memory (export "memory") 1)
    (func (export "greet") (result i32)
      (drop (memory.grow (i32.const 1)))
      (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "greet") (result string)
    (canon lift (core func $main "greet") (memory (core memory $main "memory")))))
