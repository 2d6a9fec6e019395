;; A global that refers to data that can change.
(component
  (core module $m
    (type $cell (struct (field (mut i32))))
    (global $it (mut (ref $cell)) (struct.new $cell (i32.const 0)))
    (memory (export "memory") 1)
    (func (export "f") (result i32)
      (struct.set $cell 0 (global.get $it) (i32.add (struct.get $cell 0 (global.get $it)) (i32.const 1)))
      (struct.get $cell 0 (global.get $it))))
  (core instance $m (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
