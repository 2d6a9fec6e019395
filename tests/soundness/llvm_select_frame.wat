;; An address that is in a stack frame on one path only.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (memory (;0;) 2)
    (global $sp (;0;) (mut i32) i32.const 66560)
    (export "mem" (memory 0))
    (export "f" (func 1))
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
    (func (;1;) (type 0) (param $x i32)
      (local $s i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 1
      i32.store
      global.get $sp
      i32.const 16
      i32.sub
      local.tee $s
      global.set $sp
      i32.const 3000
      local.get $x
      i32.const 2
      i32.shl
      i32.add
      i32.load
      local.get $s
      local.get $x
      select
      i32.const 0
      i32.store
      local.get $s
      i32.const 16
      i32.add
      global.set $sp
    )
    (data (;0;) (i32.const 1024) "abcd")
    (data (;1;) (i32.const 3004) "\00\08\00\00")
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
