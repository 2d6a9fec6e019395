;; A callee that is not executed clears a field through a parameter that it reassigns.
(component
  (core module $m (;0;)
    (type $t (;0;) (func (param i32)))
    (table (;0;) 6 funcref)
    (memory (;0;) 2)
    (global $sp (;0;) (mut i32) i32.const 66560)
    (export "mem" (memory 0))
    (export "f" (func 6))
    (elem (;0;) (i32.const 1) func $a $b $c $d $e)
    (func $framed (;0;) (type $t) (param i32)
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
    (func $a (;1;) (type $t) (param $p i32)
      local.get $p
      i32.eqz
      if ;; label = @1
        i32.const 4096
        i32.load
        local.set $p
      end
      local.get $p
      i32.const 0
      i32.store offset=8
    )
    (func $b (;2;) (type $t) (param $p i32)
      local.get $p
      i32.eqz
      if ;; label = @1
        i32.const 4097
        i32.load
        local.set $p
      end
      local.get $p
      i32.const 0
      i32.store offset=8
    )
    (func $c (;3;) (type $t) (param $p i32)
      local.get $p
      i32.eqz
      if ;; label = @1
        i32.const 4098
        i32.load
        local.set $p
      end
      local.get $p
      i32.const 0
      i32.store offset=8
    )
    (func $d (;4;) (type $t) (param $p i32)
      local.get $p
      i32.eqz
      if ;; label = @1
        i32.const 4099
        i32.load
        local.set $p
      end
      local.get $p
      i32.const 0
      i32.store offset=8
    )
    (func $e (;5;) (type $t) (param $p i32)
      local.get $p
      i32.eqz
      if ;; label = @1
        i32.const 4100
        i32.load
        local.set $p
      end
      local.get $p
      i32.const 0
      i32.store offset=8
    )
    (func (;6;) (type $t) (param $x i32)
      i32.const 2056
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2056
      i32.const 1
      i32.store
      i32.const 2048
      local.get $x
      call_indirect (type $t)
    )
    (data (;0;) (i32.const 1024) "abcd")
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
