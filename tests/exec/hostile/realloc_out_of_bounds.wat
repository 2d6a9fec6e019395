;; `realloc` returns an address beyond the memory: realloc return: beyond end of memory, in each call, on any instance.
;; The first call fails.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i32.const 0x7fff0000))
    (func (export "length") (param i32 i32) (result i32)
      (local.get 1)))
  (core instance $main (instantiate $main))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $main "length")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
;;= length: unknown
;;= error[first_call_fails] the first call of `length` traps (realloc return: beyond end of memory) on a fresh instance, whatever its arguments and imports are
