;; A result in a 64-bit memory is longer.
(component
  (type (;0;) (tuple string string))
  (type (;1;) (func (result 0)))
  (import "g" (func $g (;0;) (type 1)))
  (core module $mm (;0;)
    (type (;0;) (func))
    (type (;1;) (func (param i64 i64 i64 i64) (result i64)))
    (memory (;0;) i64 2)
    (global $sp (;0;) (mut i64) i64.const 66560)
    (export "mem" (memory 0))
    (export "ra" (func 1))
    (func $fr (;0;) (type 0)
      global.get $sp
      i64.const 16
      i64.sub
      global.set $sp
      global.get $sp
      i64.const 0
      i64.store
      global.get $sp
      i64.const 16
      i64.add
      global.set $sp
    )
    (func (;1;) (type 1) (param i64 i64 i64 i64) (result i64)
      i64.const 8192
    )
  )
  (core instance $mi (;0;) (instantiate $mm))
  (alias core export $mi "mem" (core memory (;0;)))
  (alias core export $mi "ra" (core func (;0;)))
  (core func $lg (;1;) (canon lower (func $g) (memory 0) (realloc 0)))
  (core module $m (;1;)
    (type (;0;) (func (param i64)))
    (type (;1;) (func))
    (import "h" "g" (func $g (;0;) (type 0) (param i64)))
    (import "h" "mem" (memory (;0;) i64 1))
    (export "f" (func 2))
    (func (;1;) (type 1)
      i64.const 2064
      i32.load
      if ;; label = @1
        unreachable
      end
    )
    (func (;2;) (type 1)
      i64.const 2072
      i32.load
      if ;; label = @1
        unreachable
      end
      i64.const 2072
      i32.const 1
      i32.store
      i64.const 2048
      call $g
    )
    (data (;0;) (i64.const 1024) "abcd")
  )
  (alias core export $mi "mem" (core memory (;1;)))
  (core instance (;1;)
    (export "g" (func $lg))
    (export "mem" (memory 1))
  )
  (core instance $i (;2;) (instantiate $m
      (with "h" (instance 1))
    )
  )
  (type (;2;) (func))
  (alias core export $i "f" (core func (;2;)))
  (func (;1;) (type 2) (canon lift (core func 2)))
  (export (;2;) "f" (func 1))
)
