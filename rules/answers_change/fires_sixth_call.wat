;; A counter in linear memory that changes the answer only at the sixth call. Stateful, but two calls do not show
;; it.
(component
  (core module $main
    (memory 1)
    (func (export "is-worn") (result i32)
      (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
      (i32.gt_u (i32.load (i32.const 1024)) (i32.const 5))))
  (core instance $main (instantiate $main))
  (func (export "is-worn") (result bool) (canon lift (core func $main "is-worn"))))
;;= is-worn: stateful
;;= warning[answers_change] call 6 of `is-worn` on the same instance answers `true`, where a fresh instance answers `false`
;;=   because the memory at 0x400, which `is-worn` writes: 0 before the first of calls 1 to 5, 5 after; with it put back, call 6 answers as a fresh instance does
