;; `dear` comes close to its limit in each call. Cutting calls of another export short in between says nothing about
;; either.
(component
  (core module $m
    (func (export "dear") (result i32) (local i32)
      (local.set 0 (i32.const 30000000))
      (loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0)))
      (i32.const 1))
    (func (export "cheap") (result i32) (i32.const 1)))
  (core instance $i (instantiate $m))
  (func (export "dear") (result u32) (canon lift (core func $i "dear")))
  (func (export "cheap") (result u32) (canon lift (core func $i "cheap"))))
;;= dear: stateless_proven
;;= cheap: stateless_proven
