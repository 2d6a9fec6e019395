;; A loop reads the flag before code that is not executed clears it.
(component
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (memory (;0;) 1)
    (global $g (;0;) (mut i32) i32.const 0)
    (export "mem" (memory 0))
    (export "f" (func 3))
    (func $rec (;0;) (type 0) (param $n i32)
      local.get $n
      i32.eqz
      if ;; label = @1
        i32.const 2048
        i32.const 0
        i32.store
      else
        local.get $n
        i32.const 1
        i32.sub
        call $rec
      end
    )
    (func $harm (;1;) (type 0) (param $n i32)
      local.get $n
      if ;; label = @1
        local.get $n
        i32.const 1
        i32.sub
        call $harm
      end
    )
    (func $recg (;2;) (type 0) (param $n i32)
      local.get $n
      i32.eqz
      if ;; label = @1
        i32.const 0
        global.set $g
      else
        local.get $n
        i32.const 1
        i32.sub
        call $recg
      end
    )
    (func (;3;) (type 0) (param $x i32)
      i32.const 5
      call $harm
      global.get $g
      i32.eqz
      if ;; label = @1
        i32.const 1
        global.set $g
        return
      end
      loop $l
        global.get $g
        i32.eqz
        if ;; label = @2
          return
        end
        i32.const 5
        call $recg
        local.get $x
        br_if $l
      end
      unreachable
    )
  )
  (core instance $i (;0;) (instantiate $m))
  (type (;0;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "f" (func 0))
)
