;; A large argument calls an import, whose stubbed result makes the call trap.
(component
  (import "allows" (func $allows (param "n" u32) (result bool)))
  (core func $allows (canon lower (func $allows)))
  (core module $main
    (import "host" "allows" (func $allows (param i32) (result i32)))
    (func (export "check") (param $n i32)
      (if (i32.gt_u (local.get $n) (i32.const 1))
        (then (if (i32.eqz (call $allows (local.get $n))) (then unreachable))))))
  (core instance $main
    (instantiate $main (with "host" (instance (export "allows" (func $allows))))))
  (func (export "check") (param "n" u32) (canon lift (core func $main "check"))))
;;= check: reusable_observed 5
