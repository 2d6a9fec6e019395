;; A lane of a vector is stored over the flag.
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
    (export "f" (func 1))
    (func (;1;) (type 0) (param $x i32)
      (local $i i32)
      i32.const 2048
      v128.const i32x4 0x00000001 0x00000000 0x00000001 0x00000000
      v128.store32_lane 0
      i32.const 2048
      i32.load
      if ;; label = @1
        return
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
