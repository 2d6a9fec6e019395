;; The start function exits through wasi:cli/exit, so no instance is ever created.
(component
  (import "wasi:cli/exit@0.2.6" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (core module $main
    (import "" "exit" (func $exit (param i32)))
    (func $start (call $exit (i32.const 0)))
    (start $start)
    (func (export "work")))
  (core func $exit (canon lower (func $exit "exit")))
  (core instance $main (instantiate $main
    (with "" (instance (export "exit" (func $exit))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: instantiation: no instance can be created: exit (0)
