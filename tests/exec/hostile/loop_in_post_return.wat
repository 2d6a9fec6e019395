;; The call returns and its post-return never ends.
(component
  (core module $main
    (func (export "work") (result i32) (i32.const 42))
    (func (export "post-work") (param i32) (loop $for-ever (br $for-ever))))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32)
    (canon lift (core func $main "work") (post-return (core func $main "post-work")))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of time
