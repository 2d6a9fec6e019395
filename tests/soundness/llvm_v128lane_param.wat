;; A lane of a vector is stored over the flag.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32)))
    (memory (;0;) 2)
    (global $sp (;0;) (mut i32) i32.const 66560)
    (export "mem" (memory 0))
    (export "f" (func 3))
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
    (func $deep (;1;) (type 1) (param $n i32) (param $p i32)
      local.get $n
      if ;; label = @1
        local.get $n
        i32.const 1
        i32.sub
        local.get $p
        call $deep
      else
        local.get $p
        call $c
      end
    )
    (func $c (;2;) (type 0) (param i32)
      local.get 0
      v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
      v128.store32_lane offset=8 0
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
      i32.const 5
      i32.const 2048
      call $deep
    )
    (data (;0;) (i32.const 1024) "abcd")
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
