;; The parameters pass through memory that `realloc` gives, and it clears the flag.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;1;) (func (param i32)))
    (memory (;0;) 1)
    (export "mem" (memory 0))
    (export "ra" (func 0))
    (export "f" (func 1))
    (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
      i32.const 2048
      i32.const 0
      i32.store
      i32.const 4096
    )
    (func (;1;) (type 1) (param i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 1
      i32.store
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (list u8 20))
  (type (;1;) (func (param "r" 0)))
  (alias core export $i "f" (core func (;0;)))
  (alias core export $i "mem" (core memory (;0;)))
  (alias core export $i "ra" (core func (;1;)))
  (func (;0;) (type 1) (canon lift (core func 0) (memory 0) (realloc 1)))
  (export (;1;) "f" (func 0))
)
