;; The start function never ends, so that no instance is ever made. It must be stopped as a call is.
(component
  (core module $main
    (func $start (loop $for-ever (br $for-ever)))
    (start $start)
    (func (export "work")))
  (core instance $main (instantiate $main))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: instantiation: instantiation ends with: limit reached (time)
