;; An owned handle as an argument.
(component
  (import "session" (type $session (sub resource)))
  (core module $m (memory 1) (func (export "f") (param i32)))
  (core instance $m (instantiate $m))
  (func (export "f") (param "it" (own $session)) (canon lift (core func $m "f"))))
