;; The start function traps if an import returns false, and the stub does.
(component
  (import "is-ready" (func $is_ready (result bool)))
  (core func $is_ready (canon lower (func $is_ready)))
  (core module $main
    (import "host" "is-ready" (func $is_ready (result i32)))
    (func $start (if (i32.eqz (call $is_ready)) (then unreachable)))
    (start $start)
    (func (export "tick")))
  (core instance $main
    (instantiate $main (with "host" (instance (export "is-ready" (func $is_ready))))))
  (func (export "tick") (canon lift (core func $main "tick"))))
;;= tick: unknown
;;= tick not seen: instantiation: no instance can be created: trap (unreachable)
