;; A thread clears the flag.
(component
  (core type $tt (;0;) (func (param i32)))
  (core module $tm (;0;)
    (table (;0;) 1 funcref)
    (export "t" (table 0))
  )
  (core instance $ti (;0;) (instantiate $tm))
  (alias core export $ti "t" (core table $t (;0;)))
  (core func $nw (;0;) (canon thread.new-indirect $tt $t))
  (core func $res (;1;) (canon thread.resume-later))
  (core func $y (;2;) (canon thread.yield))
  (core func $tr (;3;) (canon task.return))
  (core module $m (;1;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func))
    (import "h" "nw" (func $nw (;0;) (type 0) (param i32 i32) (result i32)))
    (import "h" "y" (func $y (;1;) (type 1) (result i32)))
    (import "h" "r" (func $r (;2;) (type 2) (param i32)))
    (import "h" "tr" (func $tr (;3;) (type 3)))
    (import "t" "t" (table (;0;) 1 funcref))
    (memory (;0;) 1)
    (export "f" (func 5))
    (elem (;0;) (i32.const 0) func $clear)
    (func $clear (;4;) (type 2) (param i32)
      i32.const 2048
      i32.const 0
      i32.store
    )
    (func (;5;) (type 3)
      i32.const 2048
      i32.load
      if ;; label = @1
        unreachable
      end
      i32.const 2048
      i32.const 1
      i32.store
      i32.const 0
      i32.const 0
      call $nw
      call $r
      call $y
      drop
      call $tr
    )
  )
  (core instance (;1;)
    (export "nw" (func $nw))
    (export "r" (func $res))
    (export "y" (func $y))
    (export "tr" (func $tr))
  )
  (core instance $i (;2;) (instantiate $m
      (with "t" (instance $ti))
      (with "h" (instance 1))
    )
  )
  (type (;0;) (func async))
  (alias core export $i "f" (core func (;4;)))
  (func (;0;) (type 0) (canon lift (core func 4) async))
  (export (;1;) "f" (func 0))
)
