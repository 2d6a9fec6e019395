;; The start function traps, so no instance is ever created. Nothing can be said of the export.
(component
  (core module $main
    (func $start unreachable)
    (start $start)
    (func (export "add") (param i32 i32) (result i32)
      (i32.add (local.get 0) (local.get 1))))
  (core instance $main (instantiate $main))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "add"))))
;;= add: unknown
;;= error[instantiation_fails] no instance can be created: instantiation traps (unreachable)
;;= add not seen: instantiation: no instance can be created: trap (unreachable)
