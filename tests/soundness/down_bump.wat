;; A counter that is lowered by 16 is no stack pointer.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (memory (;0;) 1)
    (global $t (;0;) (mut i32) i32.const 2064)
    (export "mem" (memory 0))
    (export "f" (func 1))
    (func $use (;0;) (type 0) (param $n i32)
      local.get $n
      i32.eqz
      if ;; label = @1
        global.get $t
        i32.const 16
        i32.sub
        global.set $t
        global.get $t
        i32.const 0
        i32.store
        i32.const 2064
        global.set $t
      else
        local.get $n
        i32.const 1
        i32.sub
        call $use
      end
    )
    (func (;1;) (type 0) (param $x i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 1
      i32.store
      i32.const 5
      call $use
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
