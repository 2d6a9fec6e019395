;; Every number but zero traps.
(component
  (core module $main
    (func (export "check") (param $n i32) (result i32)
      (if (local.get $n) (then unreachable))
      i32.const 1))
  (core instance $main (instantiate $main))
  (func (export "check") (param "n" u32) (result u32) (canon lift (core func $main "check"))))
;;= check: stateless_proven
;;= warning[some_arguments_trap] 7 of 8 calls of `check` with different arguments trap on a fresh instance, as with `(1)`: unreachable
