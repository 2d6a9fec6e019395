;; A lowered import that is lifted again.
(component
  (import "log" (func $log (param "level" u32)))
  (core func $lowered (canon lower (func $log)))
  (core module $m (memory 1))
  (core instance (instantiate $m))
  (func (export "f") (param "level" u32) (canon lift (core func $lowered))))
