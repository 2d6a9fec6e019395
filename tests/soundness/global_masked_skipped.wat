;; Code that is not executed stores to an unknown distance from a global that is never set.
(component
  (core module $m
    (memory (export "mem") 1)
    (global $base i32 (i32.const 1080))
    (tag $t)
    (func $clear
      (block $caught
        (try_table (catch_all $caught)
          (i64.store (i32.and (global.get $base) (i32.const 2047)) (i64.const 0))
          (throw $t))))
    (func (export "f")
      (if (i32.load (i32.const 1080)) (then (unreachable)))
      (i32.store (i32.const 1080) (i32.const 1))
      (call $clear)))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f"))))
