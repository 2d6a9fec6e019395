;; Imports a component, which cannot be stubbed. wasmtime refuses to load it (root-level component imports are not
;; supported): inconclusive, missing import.
(component
  (import "part" (component $part
    (export "work" (func (result u32)))))
  (instance $part (instantiate $part))
  (export "work" (func $part "work")))
;;= work: unknown
;;= work not seen: refused: the engine refuses the component: failed to parse WebAssembly module: root-level component imports are not supported
