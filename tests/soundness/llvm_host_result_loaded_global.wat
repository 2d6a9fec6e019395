;; The address of the flag is a global's value plus an offset.
(component
  (type (;0;) (tuple u64 u64))
  (type (;1;) (func (result 0)))
  (import "g" (func $g (;0;) (type 1)))
  (core module $mm (;0;)
    (type (;0;) (func (param i32)))
    (memory (;0;) 2)
    (global $sp (;0;) (mut i32) i32.const 66560)
    (export "mem" (memory 0))
    (func $framed (;0;) (type 0) (param i32)
      global.get $sp
      i32.const 16
      i32.sub
      global.set $sp
      global.get $sp
      local.get 0
      i32.store
      global.get $sp
      i32.const 16
      i32.add
      global.set $sp
    )
    (data (;0;) (i32.const 1024) "abcd")
  )
  (core instance $mi (;0;) (instantiate $mm))
  (alias core export $mi "mem" (core memory (;0;)))
  (core func $lg (;0;) (canon lower (func $g) (memory 0)))
  (core module $m (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func))
    (import "h" "g" (func $g (;0;) (type 0) (param i32)))
    (import "h" "mem" (memory (;0;) 1))
    (global $sp (;0;) (mut i32) i32.const 60000)
    (global $gg (;1;) i32 i32.const 2048)
    (export "f" (func 3))
    (start $st)
    (func $framed (;1;) (type 1)
      global.get $sp
      i32.const 16
      i32.sub
      global.set $sp
      global.get $sp
      i32.const 16
      i32.add
      global.set $sp
    )
    (func $st (;2;) (type 1)
      i32.const 3000
      global.get $gg
      i32.store
    )
    (func (;3;) (type 0) (param $x i32)
      i32.const 2056
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2056
      i32.const 1
      i32.store
      i32.const 3000
      local.get $x
      i32.const 2
      i32.shl
      i32.add
      i32.load
      call $g
    )
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
  (type (;2;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (export (;2;) "f" (func 1))
)
