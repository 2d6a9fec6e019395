;; A pointer is stored by the callee that gets it, and loaded again to clear the flag.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (memory (;0;) 2)
    (global $sp (;0;) (mut i32) i32.const 66560)
    (export "mem" (memory 0))
    (export "f" (func 2))
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
    (func $push (;1;) (type 0) (param $n i32)
      local.get $n
      i32.const 3000
      i32.load
      i32.store
      i32.const 3000
      local.get $n
      i32.store
    )
    (func (;2;) (type 0) (param $x i32)
      (local $p i32)
      i32.const 2060
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2060
      i32.const 1
      i32.store
      i32.const 3000
      i32.const 0
      i32.store
      i32.const 2048
      call $push
      i32.const 2100
      call $push
      i32.const 2200
      call $push
      i32.const 2300
      call $push
      i32.const 2400
      call $push
      i32.const 3000
      i32.load
      local.set $p
      loop $l
        local.get $p
        if ;; label = @2
          local.get $p
          i32.const 0
          i32.store offset=12
          local.get $p
          i32.load
          local.set $p
          br $l
        end
      end
    )
    (data (;0;) (i32.const 1024) "abcd")
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
