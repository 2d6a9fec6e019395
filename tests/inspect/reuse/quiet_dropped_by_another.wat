;; One export makes a waitable set, another drops it.
(component
  (core func $new (canon waitable-set.new))
  (core func $drop (canon waitable-set.drop))
  (core module $main
    (import "" "new" (func $new (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $set (mut i32) (i32.const 0))
    (func (export "begin")
      (global.set $set (call $new)))
    (func (export "end")
      (call $drop (global.get $set))))
  (core instance $main (instantiate $main (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "begin") (canon lift (core func $main "begin")))
  (func (export "end") (canon lift (core func $main "end"))))
