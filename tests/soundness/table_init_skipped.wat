;; Code that is not executed writes a table, or calls through one that was written.
(component
  (core module $m (;0;)
    (type $v (;0;) (func))
    (type (;1;) (func (param i32)))
    (table (;0;) 2 funcref)
    (memory (;0;) 1)
    (export "mem" (memory 0))
    (export "f" (func 3))
    (elem $e (;0;) func $g)
    (elem (;1;) (i32.const 0) func $n)
    (func $n (;0;) (type $v))
    (func $g (;1;) (type $v)
      i32.const 2048
      i32.const 0
      i32.store
    )
    (func $s (;2;) (type 1) (param i32)
      local.get 0
      if ;; label = @1
        local.get 0
        i32.const 1
        i32.sub
        call $s
      else
        i32.const 0
        i32.const 0
        i32.const 1
        table.init $e
      end
    )
    (func (;3;) (type 1) (param $x i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 1
      i32.store
      i32.const 5
      call $s
      i32.const 0
      call_indirect (type $v)
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
