;; Every call traps, including the first, on any instance. Not a matter of reuse: the first call fails.
(component
  (core module $main
    (func (export "never") (result i32) unreachable))
  (core instance $main (instantiate $main))
  (func (export "never") (result u32) (canon lift (core func $main "never"))))
;;= never: unknown
;;= error[first_call_fails] the first call of `never` traps (unreachable) on a fresh instance
