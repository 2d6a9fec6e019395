;; The low byte of a value that is not zero is.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (memory (;0;) 1)
    (export "mem" (memory 0))
    (export "f" (func 0))
    (func (;0;) (type 0) (param $x i32)
      i32.const 2048
      i32.const 0
      local.get $x
      i32.const 256
      i32.or
      i32.atomic.rmw8.cmpxchg_u
      if ;; label = @1
        unreachable
      end
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
