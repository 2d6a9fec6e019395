;; `OnceLock::get_or_init`: 0 is empty, 1 is running, 2 is done; only 1 traps, and no call leaves 1 behind.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $get_or_init (result i32)
      (if (i32.ne (i32.load (i32.const 1040)) (i32.const 2))
        (then
          (if (i32.eq (i32.load (i32.const 1040)) (i32.const 1)) (then unreachable))
          (i32.store (i32.const 1040) (i32.const 1))
          (i32.store (i32.const 1044) (i32.const 42))
          (i32.store (i32.const 1040) (i32.const 2))))
      (i32.load (i32.const 1044)))
    (func (export "answer") (result i32) (call $get_or_init)))
  (core instance $main (instantiate $main))
  (func (export "answer") (result u32) (canon lift (core func $main "answer"))))
