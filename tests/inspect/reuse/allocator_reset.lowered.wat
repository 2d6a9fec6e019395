;; What is added to the pointer is negative.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $block i32)
      (local.set $block (global.get $next))
      (global.set $next (i32.add (local.get $block) (local.get 3)))
      (local.get $block))
    (func (export "free") (param i32) (global.set $next (i32.add (global.get $next) (i32.sub (i32.const 0) (local.get 0)))))
    (func (export "work") (param i32 i32) (result i32) (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "work") (param "text" string) (result string)
    (canon lift (core func $main "work") (memory (core memory $main "memory"))
      (realloc (core func $main "realloc")) (post-return (core func $main "free")))))
