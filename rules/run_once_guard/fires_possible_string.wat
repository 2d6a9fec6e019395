;; The first letter of a string decides: names that begin with `A` may register once.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
    (func (export "register") (param $name i32) (param $length i32)
      (if (i32.eqz (local.get $length)) (then (return)))
      (if (i32.eq (i32.load8_u (local.get $name)) (i32.const 0x41))
        (then
          (if (i32.load (i32.const 1040)) (then unreachable))
          (i32.store (i32.const 1040) (i32.const 1))))))
  (core instance $main (instantiate $main))
  (func (export "register") (param "name" string)
    (canon lift (core func $main "register") (memory (core memory $main "memory"))
      (realloc (core func $main "cabi_realloc")))))
;;= note[run_once_guard] core module 0 `main` > func 1 `register` (0x78): `register` may trap when called again in the same instance
