;; `realloc` never ends: the call is stuck before the export is entered.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (loop $for-ever (br $for-ever))
      (i32.const 0))
    (func (export "length") (param i32 i32) (result i32)
      (local.get 1)))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
;;= length: unknown
;;= length not seen: budget: the first call reaches its limit of time
