;; The export never ends. It must be stopped, and reported as out of budget: nothing is known of it.
(component
  (core module $main
    (func (export "work") (loop $for-ever (br $for-ever))))
  (core instance $main (instantiate $main))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of time
