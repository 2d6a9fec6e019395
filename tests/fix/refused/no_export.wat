;; State, and nobody to call it.
(component
  (core module $m (memory 1))
  (core instance (instantiate $m)))
