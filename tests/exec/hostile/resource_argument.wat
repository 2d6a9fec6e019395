;; Each export takes a resource that cannot be created: there is no constructor, and no function returns one. `read`
;; cannot be called: resource argument. `add` can, and is reusable.
(component
  (type $thing' (resource (rep i32)))
  (core module $main
    (func (export "read") (param i32) (result i32) (local.get 0))
    (func (export "add") (param i32 i32) (result i32)
      (i32.add (local.get 0) (local.get 1))))
  (core instance $main (instantiate $main))
  (export $thing "thing" (type $thing'))
  (func (export "read") (param "thing" (borrow $thing)) (result u32)
    (canon lift (core func $main "read")))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "add"))))
;;= read: unknown
;;= add: stateless_proven
;;= read not seen: resource-argument: an argument is a resource that no function of the component creates
