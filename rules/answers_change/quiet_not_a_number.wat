;; Returns NaN, which is not equal to itself. Reusable: the answer is the same each time.
(component
  (core module $main
    (func (export "nan") (result f64) (f64.const nan)))
  (core instance $main (instantiate $main))
  (func (export "nan") (result f64) (canon lift (core func $main "nan"))))
;;= nan: stateless_proven
