;; Returns a string in memory that it takes from an allocator, and has no post-return.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "greet") (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.add (global.get $next) (i32.const 16)))
      (i32.store (local.get $at) (i32.add (local.get $at) (i32.const 8)))
      (i32.store offset=4 (local.get $at) (i32.const 5))
      (local.get $at)))
  (core instance $main (instantiate $main))
  (func (export "greet") (result string)
    (canon lift (core func $main "greet") (memory (core memory $main "memory")))))
