;; A lane of a vector is stored over the flag.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (memory (;0;) 1)
    (export "mem" (memory 0))
    (export "f" (func 0))
    (func (;0;) (type 0) (param $x i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 1
      i32.store
      i32.const 2048
      v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
      v128.store32_lane 0
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
