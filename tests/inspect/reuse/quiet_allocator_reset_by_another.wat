;; Another module puts the pointer back, at the same address of the shared memory.
(component
  (core module $main
    (memory (export "memory") 1)
    (data (i32.const 512) "\00\04\00\00")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $block i32)
      (local.set $block (i32.load (i32.const 512)))
      (i32.store (i32.const 512) (i32.add (local.get $block) (local.get 3)))
      (local.get $block))
    (func (export "work") (param i32 i32) (result i32) (i32.const 16)))
  (core instance $main (instantiate $main))
  (core module $other
    (import "main" "memory" (memory 1))
    (func (export "free") (param i32) (i32.store (i32.const 512) (i32.const 1024))))
  (core instance $other (instantiate $other (with "main" (instance $main))))
  (func (export "work") (param "text" string) (result string)
    (canon lift (core func $main "work") (memory (core memory $main "memory"))
      (realloc (core func $main "realloc")) (post-return (core func $other "free")))))
