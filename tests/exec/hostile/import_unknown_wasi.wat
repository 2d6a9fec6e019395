;; Imports a WASI interface that does not exist. It is stubbed like any other import, or reported as a missing import;
;; it must not count as tested.
(component
  (import "wasi:teleport/beam@0.2.6" (instance $beam
    (export "beam" (func (param "who" u32) (result u32)))))
  (core module $main
    (import "" "beam" (func $beam (param i32) (result i32)))
    (func (export "work") (result i32) (call $beam (i32.const 1))))
  (core func $beam (canon lower (func $beam "beam")))
  (core instance $main (instantiate $main (with "" (instance (export "beam" (func $beam))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
