;; A loop clears a byte that a bulk write has set, for the second time.
(component
  (import "wasi:cli/exit@0.2.0" (instance $host (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $host "exit")))
  (core module $m
    (import "host" "exit" (func $exit (param i32)))
    (memory (export "mem") 1)
    (data $set "\01")
    (func $set_and_clear (local $k i32)
      (memory.init $set (i32.const 1080) (i32.const 0) (i32.const 1))
      (loop $l
        (i32.store8 (i32.add (i32.const 1056) (i32.mul (local.get $k) (i32.const 8))) (i32.const 0))
        (br_if $l (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 4)))))
    (func (export "f")
      (call $set_and_clear)
      (call $set_and_clear)
      (if (i32.load8_u (i32.const 1080)) (then (call $exit (i32.const 0))))))
  (core instance $i (instantiate $m
    (with "host" (instance (export "exit" (func $exit))))))
  (func (export "f") (canon lift (core func $i "f"))))
