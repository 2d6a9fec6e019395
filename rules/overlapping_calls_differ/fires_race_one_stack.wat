;; Tasks share one stack in linear memory. The first call gives its frame back, and the stack pointer with it, while the
;; second one waits below: what the second one calls then overwrites its frame. In sequence, frames never meet.
(component
  (core func $return (canon task.return (result u32)))
  (core func $yield (canon thread.yield))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "yield" (func $yield (result i32)))
    (memory 1)
    (global $stack (mut i32) (i32.const 65536))
    (func $fill
      (local $frame i32)
      (global.set $stack (local.tee $frame (i32.sub (global.get $stack) (i32.const 32))))
      (memory.fill (local.get $frame) (i32.const 0) (i32.const 32))
      (global.set $stack (i32.add (local.get $frame) (i32.const 32))))
    (func (export "keep")
      (local $frame i32)
      (global.set $stack (local.tee $frame (i32.sub (global.get $stack) (i32.const 16))))
      (i32.store (local.get $frame) (i32.const 42))
      (drop (call $yield))
      (call $fill)
      (call $return (i32.load (local.get $frame)))
      (global.set $stack (i32.add (local.get $frame) (i32.const 16)))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "yield" (func $yield))))))
  (func (export "keep") async (result u32)
    (canon lift (core func $main "keep") async)))
;;= keep: reusable_observed 8
;;= note[overlapping_calls_differ] two concurrent calls of `keep` on one instance answer `42` and `0`; in sequence they answer `42` and `42`
;;=   because unknown (host-state): neither memory nor globals explain it: handles, streams or other state of the host do
