;; The start function divides by a global that nothing sets.
(component
  (core module $main
    (global $size (mut i32) (i32.const 0))
    (func $start
      (global.set $size (i32.div_u (i32.const 4096) (global.get $size))))
    (start $start)
    (func (export "tick")))
  (core instance $main (instantiate $main))
  (func (export "tick") (canon lift (core func $main "tick"))))
;;= tick: unknown
;;= error[instantiation_fails] no instance can be created: instantiation traps (integer divide by zero)
;;= tick not seen: instantiation: no instance can be created: trap (integer divide by zero)
