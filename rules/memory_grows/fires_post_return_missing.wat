;; Each call returns a string in a new page, and no post-return frees it. A leak of one page per
;; call.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "hello") (result i32)
      (local $at i32)
      (local.set $at (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)))
      (i32.store (i32.const 16) (local.get $at))
      (i32.store (i32.const 20) (i32.const 2))
      (i32.store16 (local.get $at) (i32.const 0x6968)) ;; "hi"
      (i32.const 16)))
  (core instance $main (instantiate $main))
  (func (export "hello") (result string)
    (canon lift (core func $main "hello") (memory (core memory $main "memory")))))
;;= hello: reusable_observed 8
;;= warning[memory_grows] each call of `hello` leaks about 64 KiB of linear memory: 76 MiB after 1224 calls; `hello` asks for it; no post-return frees its result
