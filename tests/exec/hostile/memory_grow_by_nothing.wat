;; Grows memory by zero pages in an endless loop. Each step calls the host, and costs more time than fuel.
(component
  (core module $main
    (memory 1)
    (func (export "work")
      (loop $for-ever
        (drop (memory.grow (i32.const 0)))
        (br $for-ever))))
  (core instance $main (instantiate $main))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of time
