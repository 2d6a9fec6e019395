;; Yields forever and never returns. Not a deadlock, because there is always something to do: a limit must end it.
(component
  (core module $main
    (func (export "work") (result i32)
      (i32.const 1)) ;; yield
    (func (export "callback") (param i32 i32 i32) (result i32)
      (i32.const 1))) ;; yield
  (core instance $main (instantiate $main))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of time
