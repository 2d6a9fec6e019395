;; The same with `br_table`: fresh does the work, running traps, done skips.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "answer") (result i32)
      block $done
        block $running
          block $fresh
            (br_table $fresh $running $done (i32.load (i32.const 1040)))
          end
          (i32.store (i32.const 1040) (i32.const 1))
          (i32.store (i32.const 1044) (i32.const 42))
          (i32.store (i32.const 1040) (i32.const 2))
          (br $done)
        end
        unreachable
      end
      (i32.load (i32.const 1044))))
  (core instance $main (instantiate $main))
  (func (export "answer") (result u32) (canon lift (core func $main "answer"))))
