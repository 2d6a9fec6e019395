;; The allocator of arguments moves a pointer to the next multiple of the alignment, and nothing moves it back.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local.set 0
        (i32.and
          (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get 2))))
      (global.set $next (i32.add (local.get 0) (local.get 3)))
      (block $fits
        (br_if $fits (i32.le_u (global.get $next) (i32.shl (memory.size) (i32.const 16))))
        (drop (memory.grow (i32.const 1))))
      (local.get 0))
    (func (export "length") (param i32 i32) (result i32)
      (local.get 1))
    (func (export "double") (param i32) (result i32)
      (i32.shl (local.get 0) (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length") (memory (core memory $main "memory"))
      (realloc (core func $main "realloc"))))
  (func (export "double") (param "number" u32) (result u32)
    (canon lift (core func $main "double"))))
