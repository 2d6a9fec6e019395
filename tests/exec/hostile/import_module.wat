;; Imports a core module, which cannot be stubbed. No instance: inconclusive, missing import.
(component
  (import "code" (core module $code
    (export "work" (func (result i32)))))
  (core instance $code (instantiate $code))
  (func (export "work") (result u32) (canon lift (core func $code "work"))))
;;= work: unknown
;;= work not seen: missing-import: `code` is a core module
