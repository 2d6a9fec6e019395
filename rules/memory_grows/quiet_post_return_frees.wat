;; Like a component that leaks its results, but post-return frees the page and the next call reuses it. Memory grows
;; only in the first call. Reusable.
(component
  (core module $main
    (memory (export "memory") 1)
    (global $free (mut i32) (i32.const 0))
    (func (export "hello") (result i32)
      (local $at i32)
      (local.set $at (global.get $free))
      (if (i32.eqz (local.get $at))
        (then (local.set $at (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)))))
      (global.set $free (i32.const 0))
      (i32.store (i32.const 16) (local.get $at))
      (i32.store (i32.const 20) (i32.const 2))
      (i32.store16 (local.get $at) (i32.const 0x6968)) ;; "hi"
      (i32.const 16))
    (func (export "post-hello") (param i32)
      (global.set $free (i32.load (local.get 0)))))
  (core instance $main (instantiate $main))
  (func (export "hello") (result string)
    (canon lift (core func $main "hello")
      (memory (core memory $main "memory")) (post-return (core func $main "post-hello")))))
;;= hello: reusable_observed 8
