;; The address of the flag is a global's value plus an offset.
(component
  (core module $env (;0;)
    (memory (;0;) 2)
    (global (;0;) i32 i32.const 2048)
    (global (;1;) (mut i32) i32.const 66560)
    (export "memory" (memory 0))
    (export "mb" (global 0))
    (export "sp" (global 1))
  )
  (core module $lib (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func))
    (import "env" "memory" (memory (;0;) 1))
    (import "env" "mb" (global $mb (;0;) i32))
    (import "env" "sp" (global $sp (;1;) (mut i32)))
    (export "run" (func 2))
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
    (func $deep (;1;) (type 0) (param $n i32)
      local.get $n
      if ;; label = @1
        local.get $n
        i32.const 1
        i32.sub
        call $deep
      else
        global.get $mb
        i32.const 0
        i32.store offset=16
      end
    )
    (func (;2;) (type 1)
      global.get $mb
      i32.const 16
      i32.add
      i32.load
      if ;; label = @1
        unreachable
      end
      global.get $mb
      i32.const 1
      i32.store offset=16
      i32.const 5
      call $deep
    )
  )
  (core instance $env (;0;) (instantiate $env))
  (core instance $lib (;1;) (instantiate $lib
      (with "env" (instance $env))
    )
  )
  (type (;0;) (func))
  (alias core export $lib "run" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "run" (func 0))
)
