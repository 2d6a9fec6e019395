;; The start function sets what the export reads.
(component
  (core module $main
    (global $size (mut i32) (i32.const 0))
    (func $start (global.set $size (i32.const 4096)))
    (start $start)
    (func (export "size") (result i32) (global.get $size)))
  (core instance $main (instantiate $main))
  (func (export "size") (result u32) (canon lift (core func $main "size"))))
;;= size: reusable_observed 8
