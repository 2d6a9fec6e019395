;; The second event of the task clears the flag.
(component
  (core module $m
    (import "" "task.return" (func $ret (param i32)))
    (func (export "run") (param i32) (result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (i32.store (i32.const 1044) (i32.const 0))
      (i32.const 1))            ;; yield
    (func (export "cb") (param i32 i32 i32) (result i32)
      (if (i32.eqz (i32.load (i32.const 1044))) (then
         (i32.store (i32.const 1044) (i32.const 1)) (return (i32.const 1))))   ;; yield again
      (i32.store (i32.const 1040) (i32.const 0))
      (call $ret (i32.const 5))
      (i32.const 0))
    (memory (export "memory") 1))
  (core func $ret (canon task.return (result u32)))
  (core instance $i (instantiate $m (with "" (instance (export "task.return" (func $ret))))))
  (func (export "run") async (param "a" u32) (result u32) (canon lift (core func $i "run") async (callback (core func $i "cb")))))
;;= note[run_once_guard] core module 0 `m` > func 1 `run` (0x66): `run` may trap when called again in the same instance
