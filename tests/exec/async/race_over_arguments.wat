;; `realloc` gives each argument the same place. Of two concurrent calls, the second one overwrites the text of the first, which
;; reads it after its wait.
(component
  (import "pause" (func $pause async))
  (core module $libc (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $libc (instantiate $libc))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (import "libc" "memory" (memory 1))
    (func (export "echo") (param i32 i32) (local $n i32) (local $sum i32)
      (call $pause)
      (loop $l (if (i32.lt_u (local.get $n) (local.get 1)) (then
        (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load8_u (i32.add (local.get 0) (local.get $n)))))
        (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $l))))
      (call $return (local.get $sum))))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "echo") async (param "s" string) (result u32) (canon lift (core func $main "echo") async (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
;;= echo: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `echo` on one instance answer `109312496` and `4103405346`; in sequence they answer `99162322` and `4103405346`
;;=   because the memory at 0x400: 0x6c6c6568 when A begins to wait for `pause`, 0x6f636573 when A goes on; the memory at 0x404: 111, then 0x6163646e; with them put back then, A does what it does alone
