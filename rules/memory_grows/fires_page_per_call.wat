;; Memory grows by one page in each call, and the page is never used again. A leak; the answer stays the same.
(component
  (core module $main
    (memory 1)
    (func (export "work") (result i32)
      (drop (memory.grow (i32.const 1)))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
;;= warning[memory_grows] each call of `work` leaks about 64 KiB of linear memory: 76 MiB after 1224 calls; `work` asks for it
