;; A till: `open`, `add` and `total` belong together. `close` does not reset the sum, so the second customer pays for
;; the first one as well. Called alone, no export differs from a fresh instance: `add` and `total` trap before `open`.
(component
  (core module $main
    (global $open (mut i32) (i32.const 0))
    (global $sum (mut i32) (i32.const 0))
    (func (export "open") (global.set $open (i32.const 1)))
    (func (export "add") (param i32)
      (if (i32.eqz (global.get $open)) (then unreachable))
      (global.set $sum (i32.add (global.get $sum) (local.get 0))))
    (func (export "total") (result i32)
      (if (i32.eqz (global.get $open)) (then unreachable))
      (global.get $sum))
    (func (export "close") (global.set $open (i32.const 0))))
  (core instance $main (instantiate $main))
  (func (export "open") (canon lift (core func $main "open")))
  (func (export "add") (param "price" u32) (canon lift (core func $main "add")))
  (func (export "total") (result u32) (canon lift (core func $main "total")))
  (func (export "close") (canon lift (core func $main "close"))))
;;= open: reusable_observed 8
;;= add: reusable_observed 8
;;= total: stateful
;;= close: reusable_observed 8
;;= warning[answers_change] in run 2 of the scenario `scenario_forgets.toml:1` on the same instance, `total` (step 4) answers `14`, where a fresh instance answers `7`
;;=   because `sum`: 0 before call 1, 7 after; with it put back, call 2 answers as a fresh instance does
