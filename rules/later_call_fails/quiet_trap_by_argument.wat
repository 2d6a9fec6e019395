;; Traps if the list is empty, on a fresh instance as well. Not a matter of reuse.
(component
  (core module $main
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (i32.const 1024))
    (func (export "first") (param $at i32) (param $length i32) (result i32)
      (if (i32.eqz (local.get $length)) (then unreachable))
      (i32.load8_u (local.get $at))))
  (core instance $main (instantiate $main))
  (func (export "first") (param "bytes" (list u8)) (result u8)
    (canon lift (core func $main "first")
      (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))
;;= first: reusable_observed 6
;;= warning[some_arguments_trap] 2 of 8 calls of `first` with different arguments trap on a fresh instance, as with `([])`: unreachable
