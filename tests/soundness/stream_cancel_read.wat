;; The host writes the result of a pending call or read after the flag was set.
(component
  (type $st (;0;) (stream u8))
  (type (;1;) (func (result $st)))
  (import "g" (func $g (;0;) (type 1)))
  (core module $mm (;0;)
    (memory (;0;) 1)
    (export "mem" (memory 0))
  )
  (core instance $mi (;0;) (instantiate $mm))
  (core func $tr (;0;) (canon task.return))
  (core func $wsn (;1;) (canon waitable-set.new))
  (core func $wj (;2;) (canon waitable.join))
  (core func $lg (;3;) (canon lower (func $g)))
  (core func $cr (;4;) (canon stream.cancel-read $st))
  (alias core export $mi "mem" (core memory (;0;)))
  (core func $rd (;5;) (canon stream.read $st async (memory 0)))
  (core module $m (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (type (;2;) (func (param i32 i32 i32) (result i32)))
    (type (;3;) (func (param i32) (result i32)))
    (type (;4;) (func (param i32 i32)))
    (import "h" "g" (func $g (;0;) (type 0) (result i32)))
    (import "h" "tr" (func $tr (;1;) (type 1)))
    (import "h" "mem" (memory (;0;) 1))
    (import "h" "rd" (func $rd (;2;) (type 2) (param i32 i32 i32) (result i32)))
    (import "h" "cr" (func $cr (;3;) (type 3) (param i32) (result i32)))
    (import "h" "wsn" (func $wsn (;4;) (type 0) (result i32)))
    (import "h" "wj" (func $wj (;5;) (type 4) (param i32 i32)))
    (export "f" (func 6))
    (export "cb" (func 7))
    (func (;6;) (type 0) (result i32)
      (local $ws i32) (local $s i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      call $g
      local.set $s
      local.get $s
      i32.const 2048
      i32.const 4
      call $rd
      drop
      i32.const 2048
      i32.const 1
      i32.store
      local.get $s
      call $cr
      drop
      call $tr
      i32.const 0
      return
      call $wsn
      local.set $ws
      local.get $s
      local.get $ws
      call $wj
      i32.const 2
      local.get $ws
      i32.const 4
      i32.shl
      i32.or
    )
    (func (;7;) (type 2) (param i32 i32 i32) (result i32)
      call $tr
      i32.const 0
    )
  )
  (alias core export $mi "mem" (core memory (;1;)))
  (core instance (;1;)
    (export "g" (func $lg))
    (export "rd" (func $rd))
    (export "cr" (func $cr))
    (export "tr" (func $tr))
    (export "mem" (memory 1))
    (export "wsn" (func $wsn))
    (export "wj" (func $wj))
  )
  (core instance $i (;2;) (instantiate $m
      (with "h" (instance 1))
    )
  )
  (type (;2;) (func async))
  (alias core export $i "f" (core func (;6;)))
  (alias core export $i "cb" (core func (;7;)))
  (func (;1;) (type 2) (canon lift (core func 6) async (callback 7)))
  (export (;2;) "f" (func 1))
)
