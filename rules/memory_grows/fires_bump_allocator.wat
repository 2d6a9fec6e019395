;; `cabi_realloc` moves a pointer in memory up, asks for pages when it must, and frees nothing. A leak of each argument.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $store (param $at i32) (param $value i32)
      (i32.store (local.get $at) (local.get $value)))
    (func $alloc (param $size i32) (result i32)
      (local $at i32) (local $end i32)
      (local.set $at (i32.load (i32.const 1024)))
      (local.set $end
        (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 8199)) (i32.const -8)))
      (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16)))
        (then (drop (memory.grow (i32.const 1)))))
      (call $store (i32.const 1024) (local.get $end))
      (local.get $at))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (call $alloc (local.get 3)))
    (func (export "length") (param i32 i32) (result i32) (local.get 1))
    (data (i32.const 1024) "\08\04\00\00"))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length") (memory (core memory $main "memory"))
      (realloc (core func $main "cabi_realloc")))))
;;= length: reusable_observed 8
;;= warning[memory_grows] each call of `length` leaks about 8 KiB, and about 1 byte for each byte of its arguments, of linear memory: 18 MiB after 2008 calls; `alloc` asks for it; its arguments are placed by `cabi_realloc`, which never frees: nothing lowers `memory at 0x400 of core module 0`
