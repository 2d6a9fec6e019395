;; Imports a component, which no host can make up. No instance: inconclusive, missing import.
(component
  (import "part" (component $part
    (export "work" (func (result u32)))))
  (instance $part (instantiate $part))
  (export "work" (func $part "work")))
