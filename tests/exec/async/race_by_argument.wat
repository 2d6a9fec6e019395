;; Keeps its argument in a global across a yield and returns it. In sequence, each call returns its own argument. Two
;; concurrent calls with different arguments both return that of the second.
(component
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (global $value (mut i32) (i32.const 0))
    (func (export "echo") (param i32) (result i32)
      (global.set $value (local.get 0))
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $return (global.get $value))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
  (func (export "echo") async (param "value" u32) (result u32)
    (canon lift (core func $main "echo") async (callback (core func $main "callback")))))
;;= echo: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `echo` on one instance answer `163525344` and `163525344`; in sequence they answer `1` and `163525344`
;;=   because `value`: 1 when A yields, 0x9bf32e0 when A goes on; with it put back then, A does what it does alone
