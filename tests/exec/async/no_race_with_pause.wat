;; The same pauses, and what a call keeps across them is its own.
(component
  (import "pause" (func $pause async))
  (core func $pause (canon lower (func $pause)))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "pause" (func $pause))
    (func (export "work") (param i32)
      (call $pause)
      (call $pause)
      (call $return (local.get 0))))
  (core instance $main (instantiate $main
    (with "" (instance (export "return" (func $return)) (export "pause" (func $pause))))))
  (func (export "work") async (param "number" u32) (result u32)
    (canon lift (core func $main "work") async)))
;;= work: reusable_observed 8
