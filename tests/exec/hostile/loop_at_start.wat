;; The start function never ends, so no instance is ever created. It must be stopped like a call.
(component
  (core module $main
    (func $start (loop $for-ever (br $for-ever)))
    (start $start)
    (func (export "work")))
  (core instance $main (instantiate $main))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: instantiation: no instance can be created: limit reached (time)
