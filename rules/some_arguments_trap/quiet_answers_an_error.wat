;; An error is returned for an argument that cannot be handled.
(component
  (core module $main
    (func (export "check") (param $n i32) (result i32)
      (i32.ne (local.get $n) (i32.const 0))))
  (core instance $main (instantiate $main))
  (func (export "check") (param "n" u32) (result (result)) (canon lift (core func $main "check"))))
;;= check: stateless_proven
