;; The parameters pass through memory that `realloc` gives, and it clears the flag.
(component
  (type (;0;)
    (instance
      (type (;0;) (result))
      (type (;1;) (func (param "status" 0)))
      (export (;0;) "exit" (func (type 1)))
    )
  )
  (import "wasi:cli/exit@0.2.0" (instance $ex (;0;) (type 0)))
  (alias export $ex "exit" (func (;0;)))
  (core func $exit (;0;) (canon lower (func 0)))
  (core module $m (;0;)
    (type (;0;) (func (param i32)))
    (import "h" "exit" (func $exit (;0;) (type 0) (param i32)))
    (memory (;0;) 1)
    (export "f" (func 3))
    (func $h (;1;) (type 0) (param i32)
      local.get 0
      if ;; label = @1
        local.get 0
        i32.const 1
        i32.sub
        call $h
      end
    )
    (func $r (;2;) (type 0) (param i32)
      local.get 0
      if ;; label = @1
        local.get 0
        i32.const 1
        i32.sub
        call $r
      else
        i32.const 2048
        i32.const 1
        i32.store
      end
    )
    (func (;3;) (type 0) (param $x i32)
      (local $i i32)
      i32.const 5
      call $h
      loop $l
        i32.const 2048
        i32.load
        if ;; label = @2
          return
        end
        i32.const 5
        call $r
        local.get $x
        br_if $l
      end
      i32.const 0
      call $exit
    )
  )
  (core instance (;0;)
    (export "exit" (func $exit))
  )
  (core instance $i (;1;) (instantiate $m
      (with "h" (instance 0))
    )
  )
  (type (;1;) (func (param "x" u32)))
  (alias core export $i "f" (core func (;1;)))
  (func (;1;) (type 1) (canon lift (core func 1)))
  (export (;2;) "f" (func 1))
)
