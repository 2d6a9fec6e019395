;; An export takes a borrowed handle and does not drop it: every host traps at the end of the call.
(component
  (import "shop:db/types@1.0.0" (instance $types (export "conn" (type $conn (sub resource)))))
  (alias export $types "conn" (type $conn))
  (core module $main
    (func (export "work") (param i32) (result i32) (i32.const 1)))
  (core instance $main (instantiate $main))
  (func (export "work") (param "conn" (borrow $conn)) (result u32)
    (canon lift (core func $main "work"))))
;;= work: unknown
;;= error[first_call_fails] the first call of `work` traps (borrow handles still remain at the end of the call) on a fresh instance, whatever its arguments and imports are
