;; Each call grows the memory, and expects the new pages to be zero.
(component
  (core module $m
    (memory (export "memory") 1 40)
    (func (export "leak") (result i32)
      (local $page i32)
      (local.set $page (memory.grow (i32.const 3)))
      (if (i32.eq (local.get $page) (i32.const -1)) (then unreachable))
      (i32.store offset=70000 (i32.shl (local.get $page) (i32.const 16))
        (i32.add (i32.const 1) (i32.load offset=70000 (i32.shl (local.get $page) (i32.const 16)))))
      (i32.add (i32.load offset=70000 (i32.shl (local.get $page) (i32.const 16)))
        (i32.shl (memory.size) (i32.const 8)))))
  (core instance $m (instantiate $m))
  (func (export "leak") (result u32) (canon lift (core func $m "leak"))))
