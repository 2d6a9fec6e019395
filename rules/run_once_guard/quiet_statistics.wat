;; A counter that keeps its highest value, and is only reported.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "handle") (result i32) (local $calls i32)
      (local.set $calls (i32.load (i32.const 1040)))
      (if (i32.ne (local.get $calls) (i32.const -1))
        (then
          (i32.store (i32.const 1040)
            (local.tee $calls (i32.add (local.get $calls) (i32.const 1))))))
      (local.get $calls)))
  (core instance $main (instantiate $main))
  (func (export "handle") (result u32) (canon lift (core func $main "handle"))))
;;= warning[known_answers_differ] core module 0 `main` > func 0 `handle` (0x41): `handle` answers 1 on a fresh instance and 2 in its second call
