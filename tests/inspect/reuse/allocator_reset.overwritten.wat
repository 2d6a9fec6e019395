;; Many bytes are written at once, and the pointer is among them.
(component
  (core module $main
    (memory (export "memory") 1)
    (data (i32.const 512) "\00\04\00\00")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $block i32)
      (local.set $block (i32.load (i32.const 512)))
      (i32.store (i32.const 512) (i32.add (local.get $block) (local.get 3)))
      (local.get $block))
    (func (export "free") (param i32) (memory.fill (i32.const 508) (i32.const 1) (i32.const 16)))
    (func (export "work") (param i32 i32) (result i32) (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "work") (param "text" string) (result string)
    (canon lift (core func $main "work") (memory (core memory $main "memory"))
      (realloc (core func $main "realloc")) (post-return (core func $main "free")))))
