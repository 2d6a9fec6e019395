;; The host writes the result of a pending call or read after the flag was set.
(component
  (type (;0;) (func async (result u32)))
  (import "g" (func $g (;0;) (type 0)))
  (core module $mm (;0;)
    (memory (;0;) 1)
    (export "mem" (memory 0))
  )
  (core instance $mi (;0;) (instantiate $mm))
  (core func $tr (;0;) (canon task.return))
  (core func $wsn (;1;) (canon waitable-set.new))
  (core func $sc (;2;) (canon subtask.cancel))
  (core func $wj (;3;) (canon waitable.join))
  (alias core export $mi "mem" (core memory (;0;)))
  (core func $lg (;4;) (canon lower (func $g) async (memory 0)))
  (core module $m (;1;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func))
    (type (;2;) (func (result i32)))
    (type (;3;) (func (param i32 i32)))
    (type (;4;) (func (param i32 i32 i32) (result i32)))
    (import "h" "g" (func $g (;0;) (type 0) (param i32) (result i32)))
    (import "h" "tr" (func $tr (;1;) (type 1)))
    (import "h" "mem" (memory (;0;) 1))
    (import "h" "sc" (func $sc (;2;) (type 0) (param i32) (result i32)))
    (import "h" "wsn" (func $wsn (;3;) (type 2) (result i32)))
    (import "h" "wj" (func $wj (;4;) (type 3) (param i32 i32)))
    (export "f" (func 5))
    (export "cb" (func 6))
    (func (;5;) (type 2) (result i32)
      (local $ws i32) (local $s i32)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      call $g
      local.set $s
      i32.const 2048
      i32.const 1
      i32.store
      local.get $s
      i32.const 2
      i32.eq
      if ;; label = @1
        call $tr
        i32.const 0
        return
      end
      local.get $s
      i32.const 4
      i32.shr_u
      call $sc
      drop
      call $tr
      i32.const 0
      return
      call $wsn
      local.set $ws
      local.get $s
      i32.const 4
      i32.shr_u
      local.get $ws
      call $wj
      i32.const 2
      local.get $ws
      i32.const 4
      i32.shl
      i32.or
    )
    (func (;6;) (type 4) (param i32 i32 i32) (result i32)
      call $tr
      i32.const 0
    )
  )
  (alias core export $mi "mem" (core memory (;1;)))
  (core instance (;1;)
    (export "g" (func $lg))
    (export "tr" (func $tr))
    (export "mem" (memory 1))
    (export "wsn" (func $wsn))
    (export "sc" (func $sc))
    (export "wj" (func $wj))
  )
  (core instance $i (;2;) (instantiate $m
      (with "h" (instance 1))
    )
  )
  (type (;1;) (func async))
  (alias core export $i "f" (core func (;5;)))
  (alias core export $i "cb" (core func (;6;)))
  (func (;1;) (type 1) (canon lift (core func 5) async (callback 6)))
  (export (;2;) "f" (func 1))
)
