;; componentize-py leaves the export that ran before the snapshot.
(component
  (core module $main
    (@producers (processed-by "component-init-transform" "0.2.0"))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "init") (param i32 i32))
    (func (export "greet")))
  (core instance $main (instantiate $main))
  (func $init (param "app-name" string)
    (canon lift (core func $main "init") (memory (core memory $main "memory"))
      (realloc (core func $main "realloc"))))
  (instance $exports (export "init" (func $init)))
  (export "exports" (instance $exports))
  (func (export "greet") (canon lift (core func $main "greet"))))
