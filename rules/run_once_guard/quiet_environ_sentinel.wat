;; wasi-libc's `__wasilibc_environ`: -1 means not yet read; the first call fills it in.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1040) "\ff\ff\ff\ff")
    (func $__wasilibc_initialize_environ (result i32)
      (i32.const 1056))
    (func $__wasilibc_ensure_environ
      (if (i32.eq (i32.load (i32.const 1040)) (i32.const -1))
        (then
          (i32.store (i32.const 1040) (call $__wasilibc_initialize_environ))
          (if (i32.eq (i32.load (i32.const 1040)) (i32.const -1)) (then unreachable)))))
    (func (export "first-variable") (result i32)
      (call $__wasilibc_ensure_environ)
      (i32.load (i32.load (i32.const 1040)))))
  (core instance $main (instantiate $main))
  (func (export "first-variable") (result u32)
    (canon lift (core func $main "first-variable"))))
