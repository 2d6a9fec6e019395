;; A builtin calls `realloc`.
(component
  (type $st (;0;) (stream string))
  (type (;1;) (func (result $st)))
  (import "h" (func $h (;0;) (type 1)))
  (core module $mm (;0;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (memory (;0;) 1)
    (global $g (;0;) (mut i32) i32.const 0)
    (export "mem" (memory 0))
    (export "g" (global $g))
    (export "ra" (func 0))
    (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
      i32.const 0
      global.set $g
      i32.const 8192
    )
  )
  (core instance $mi (;0;) (instantiate $mm))
  (alias core export $mi "mem" (core memory (;0;)))
  (alias core export $mi "ra" (core func (;0;)))
  (core func $b (;1;) (canon stream.read $st async (memory 0) (realloc 0)))
  (core func $c (;2;) (canon lower (func $h)))
  (core module $m (;1;)
    (type (;0;) (func (param i32 i32 i32) (result i32)))
    (type (;1;) (func (result i32)))
    (type (;2;) (func))
    (import "h" "b" (func $b (;0;) (type 0) (param i32 i32 i32) (result i32)))
    (import "h" "c" (func $c (;1;) (type 1) (result i32)))
    (import "h" "g" (global $g (;0;) (mut i32)))
    (export "f" (func 2))
    (func (;2;) (type 2)
      global.get $g
      if ;; label = @1
        unreachable
      end
      i32.const 1
      global.set $g
      call $c
      i32.const 16
      i32.const 1
      call $b
      drop
    )
  )
  (alias core export $mi "g" (core global (;0;)))
  (core instance (;1;)
    (export "b" (func $b))
    (export "c" (func $c))
    (export "g" (global 0))
  )
  (core instance $i (;2;) (instantiate $m
      (with "h" (instance 1))
    )
  )
  (type (;2;) (func))
  (alias core export $i "f" (core func (;3;)))
  (func (;1;) (type 2) (canon lift (core func 3)))
  (export (;2;) "f" (func 1))
)
