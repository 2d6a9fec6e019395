;; Code that is not executed writes a table, or calls through one that was written.
(component
  (core module $m (;0;)
    (type $v (;0;) (func))
    (type (;1;) (func (param i32)))
    (table (;0;) 2 funcref)
    (memory (;0;) 1)
    (export "mem" (memory 0))
    (export "f" (func 4))
    (start $st)
    (elem (;0;) (i32.const 0) func $nop $nop)
    (elem (;1;) declare func $clear)
    (func $nop (;0;) (type $v))
    (func $clear (;1;) (type $v)
      i32.const 2048
      i32.const 0
      i32.store
    )
    (func $st (;2;) (type $v)
      i32.const 0
      ref.func $clear
      table.set 0
    )
    (func $setup (;3;) (type 1) (param $n i32)
      local.get $n
      if ;; label = @1
        local.get $n
        i32.const 1
        i32.sub
        call $setup
      else
        i32.const 0
        call_indirect (type $v)
      end
    )
    (func (;4;) (type 1) (param $x i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 1
      i32.store
      i32.const 5
      call $setup
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
