;; componentize-py leaves the export that ran before the snapshot.
(component
  (core module $main
    (@producers (processed-by "component-init-transform" "0.2.0"))
    (memory (export "memory") 1)
    (func (export "init"))
    (func (export "greet")))
  (core instance $main (instantiate $main))
  (func $init (canon lift (core func $main "init")))
  (instance $exports (export "init" (func $init)))
  (export "exports" (instance $exports))
  (func (export "greet") (canon lift (core func $main "greet"))))
