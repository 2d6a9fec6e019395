;; Keeps the user of a call in a word of memory while it waits for the host, next to a count of calls that nothing reads.
;; Of two concurrent calls, one answers with the user of the other one.
(component
  (import "pause" (func $pause async))
  (core module $libc (memory (export "memory") 1))
  (core instance $libc (instantiate $libc))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (import "libc" "memory" (memory 1))
    (func (export "whoami") (param $user i32)
      (i32.store (i32.const 128) (i32.add (i32.load (i32.const 128)) (i32.const 1)))
      (i32.store (i32.const 64) (local.get $user))
      (call $pause)
      (call $return (i32.load (i32.const 64)))))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "whoami") async (param "user" u32) (result u32)
    (canon lift (core func $main "whoami") async)))
;;= whoami: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `whoami` on one instance answer `163525344` and `163525344`; in sequence they answer `1` and `163525344`
;;=   because the memory at 0x40, which `whoami` writes: 1 when A begins to wait for `pause`, 0x9bf32e0 when A goes on; with it put back then, A does what it does alone
