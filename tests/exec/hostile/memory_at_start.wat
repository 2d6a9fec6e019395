;; Declares a memory of 4 GiB from the start. With a lower limit, no instance can be created.
(component
  (core module $main
    (memory 65536)
    (func (export "work")))
  (core instance $main (instantiate $main))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: instantiation: no instance can be created: limit reached (memory)
