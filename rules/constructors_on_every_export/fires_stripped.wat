;; The same wrappers without a name section: every exported function, including the allocator, begins with a call of
;; function 0, which has no parameters and results.
(component
  (core module (;0;)
    (memory (;0;) (export "memory") 1)
    (global (;0;) (mut i32) (i32.const 4096))
    (func (;0;)
      i32.const 0
      i32.const 100
      i32.store offset=1024
      i32.const 0
      i32.const 0
      i32.store offset=1028)
    (func (;1;) (result i32)
      i32.const 0
      i32.const 0
      i32.load offset=1024
      i32.const 1
      i32.add
      i32.store offset=1024
      i32.const 0
      i32.load offset=1024)
    (func (;2;) (param i32 i32) (result i32)
      local.get 1)
    (func (;3;) (param i32 i32 i32 i32) (result i32)
      (local i32)
      global.get 0
      local.tee 4
      local.get 3
      i32.add
      global.set 0
      local.get 4)
    (func (;4;) (export "tick") (result i32)
      call 0
      call 1)
    (func (;5;) (export "length") (param i32 i32) (result i32)
      call 0
      local.get 0
      local.get 1
      call 2)
    (func (;6;) (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      call 0
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      call 3))

  (core instance (;0;) (instantiate 0))
  (alias core export 0 "memory" (core memory (;0;)))
  (alias core export 0 "cabi_realloc" (core func (;0;)))
  (func (export "tick") (result u32) (canon lift (core func 0 "tick")))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func 0 "length")
      (memory 0) (realloc 0))))
;;= warning[constructors_on_every_export] core module 0 > func 5 `length` (0xbb): every call of `length` runs the static constructors again, and so does each allocation for its arguments
;;= warning[constructors_on_every_export] core module 0 > func 4 `tick` (0xb4): every call of `tick` runs the static constructors again
