;; A constant expression of 64 bits.
(component
  (core module $a (;0;)
    (global (;0;) i64 i64.const 1)
    (export "b" (global 0))
  )
  (core instance $ai (;0;) (instantiate $a))
  (core module $m (;1;)
    (type (;0;) (func))
    (import "a" "b" (global $b (;0;) i64))
    (memory (;0;) 1)
    (global $lim (;1;) i64 global.get $b i64.const 4294967296 i64.add)
    (export "f" (func 0))
    (func (;0;) (type 0)
      i32.const 2048
      i64.load
      global.get $lim
      i64.ge_u
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 2048
      i64.load
      i64.const 1
      i64.add
      i64.store
    )
  )
  (core instance $i (;1;) (instantiate $m
      (with "a" (instance $ai))
    )
  )
  (type (;0;) (func))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
