;; Creates waitable sets in an endless loop. Handles that no host function creates must be limited, too.
(component
  (core func $new (canon waitable-set.new))
  (core module $main
    (import "" "new" (func $new (result i32)))
    (func (export "work")
      (loop $for-ever
        (drop (call $new))
        (br $for-ever))))
  (core instance $main (instantiate $main (with "" (instance (export "new" (func $new))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of handles
