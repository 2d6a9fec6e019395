;; A callee that is not executed clears a field through a parameter that it reassigns.
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
    (type (;2;) (func (param i32 i32)))
    (import "h" "g" (func $g (;0;) (type 0) (param i32)))
    (import "h" "mem" (memory (;0;) 1))
    (global $sp (;0;) (mut i32) i32.const 60000)
    (export "f" (func 4))
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
    (func $deep (;2;) (type 2) (param $n i32) (param $p i32)
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
    (func $c (;3;) (type 0) (param i32)
      local.get 0
      i32.eqz
      if ;; label = @1
        i32.const 4096
        i32.load
        local.set 0
      end
      local.get 0
      call $g
    )
    (func (;4;) (type 0) (param $x i32)
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
