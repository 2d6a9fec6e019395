;; `__wasm_init_memory` of a threads build: compare-exchange and `br_table`,
;; in a start function that no export reaches.
(component
  (core module $main
    (memory (export "memory") 2)
    (data $.rodata "hello")
    (func $__wasm_init_memory
      block $drop
        block $wait
          block $init
            i32.const 1060
            i32.const 0
            i32.const 1
            i32.atomic.rmw.cmpxchg
            br_table $init $wait $drop
          end
          i32.const 1024
          i32.const 0
          i32.const 5
          memory.init $.rodata
          i32.const 1060
          i32.const 2
          i32.atomic.store
          i32.const 1060
          i32.const -1
          memory.atomic.notify
          drop
          br $drop
        end
        i32.const 1060
        i32.const 1
        i64.const -1
        memory.atomic.wait32
        drop
      end
      data.drop $.rodata)
    (start $__wasm_init_memory)
    (func (export "initial") (result i32)
      (i32.load8_u (i32.const 1024))))
  (core instance $main (instantiate $main))
  (func (export "initial") (result u32) (canon lift (core func $main "initial"))))
