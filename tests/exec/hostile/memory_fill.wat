;; Fills 64 MiB in an endless loop. One instruction does much work: fuel must count the bytes, or time must be limited,
;; too.
(component
  (core module $main
    (memory 1024)
    (func (export "work")
      (loop $for-ever
        (memory.fill (i32.const 0) (i32.const 1) (i32.const 67108864))
        (br $for-ever))))
  (core instance $main (instantiate $main))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of time
