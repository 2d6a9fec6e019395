;; A release of ComponentizeJS that does not free arguments.
(component
  (core module $main
    (@producers (processed-by "ComponentizeJS" "0.21.0"))
    (func (export "greet")))
  (core instance $main (instantiate $main))
  (func (export "greet") (canon lift (core func $main "greet"))))
