;; The allocator of arguments calls two functions: one moves a pointer up, the other asks for pages and sets it. Each block
;; has a header. Nothing moves the pointer down, but the start function sets it before any call.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $base i32 (i32.const 1036))
    (global $next (mut i32) (i32.const 0))
    (func $set (param $to i32)
      (local $pages i32)
      (local.set $pages (memory.size))
      (if (i32.gt_u (local.get $to) (i32.shl (local.get $pages) (i32.const 16)))
        (then
          (if (i32.lt_s
                (memory.grow (i32.shr_u
                  (i32.and
                    (i32.add (i32.sub (local.get $to) (local.get $pages)) (i32.const 65535))
                    (i32.const -65536))
                  (i32.const 16)))
                (i32.const 0))
            (then unreachable))))
      (global.set $next (local.get $to)))
    (func $alloc (param $size i32) (result i32)
      (local $block i32) (local $at i32)
      (if (i32.gt_u (local.get $size) (i32.const 1073741820))
        (then unreachable))
      (local.set $block (global.get $next))
      (local.set $at (i32.add (global.get $next) (i32.const 4)))
      (local.set $size
        (i32.sub
          (i32.and (i32.add (local.get $size) (i32.const 19)) (i32.const -16)) (i32.const 4)))
      (call $set (i32.add (local.get $at) (local.get $size)))
      (i32.store (local.get $block) (local.get $size))
      (local.get $at))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (call $alloc (local.get 3)))
    (func $start
      (global.set $next (global.get $base)))
    (start $start)
    (func (export "length") (param i32 i32) (result i32)
      (local.get 1)))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length") (memory (core memory $main "memory"))
      (realloc (core func $main "realloc")))))
