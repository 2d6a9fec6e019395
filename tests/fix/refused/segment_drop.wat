;; A segment that is dropped by the first call.
(component
  (core module $m
    (memory (export "memory") 1)
    (data $d "once")
    (func (export "f") (result i32) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop $d) (i32.load (i32.const 0))))
  (core instance $m (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
