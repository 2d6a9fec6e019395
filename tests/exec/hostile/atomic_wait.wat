;; Waits forever on a shared memory that nothing notifies. Such a wait uses no fuel. A host that allows shared memory
;; hangs; by default, wasmtime refuses to load the component, which is inconclusive.
(component
  (core module $main
    (memory 1 1 shared)
    (func (export "work") (result i32)
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: instantiation: no instance can be created: trap (shared memory support is disabled for this engine -- see `Config::shared_memory`)
