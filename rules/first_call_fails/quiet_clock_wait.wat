;; Waits for one hour on the clock of WASI 0.3, then returns. With a virtual clock it returns at once.
;; Reusable.
(component
  (import "wasi:clocks/monotonic-clock@0.3.0" (instance $clock
    (export "wait-for" (func async (param "how-long" u64)))))
  (core func $return (canon task.return (result u32)))
  (core func $get (canon context.get i32 0))
  (core func $set (canon context.set i32 0))
  (core func $wait-for (canon lower (func $clock "wait-for") async))
  (core func $new (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $drop-subtask (canon subtask.drop))
  (core func $drop-set (canon waitable-set.drop))
  (core module $main
    (import "" "return" (func $return (param i32)))
    (import "" "get" (func $get (result i32)))
    (import "" "set" (func $set (param i32)))
    (import "" "wait-for" (func $wait-for (param i64) (result i32)))
    (import "" "new" (func $new (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "drop-subtask" (func $drop-subtask (param i32)))
    (import "" "drop-set" (func $drop-set (param i32)))
    (func (export "work") (result i32)
      (local $status i32)
      (local.set $status (call $wait-for (i64.const 3_600_000_000_000)))
      (if (i32.eq (local.get $status) (i32.const 2)) ;; returned
        (then
          (call $return (i32.const 42))
          (return (i32.const 0)))) ;; exit
      (call $set (call $new))
      (call $join (i32.shr_u (local.get $status) (i32.const 4)) (call $get))
      (i32.or (i32.const 2) (i32.shl (call $get) (i32.const 4)))) ;; wait
    (func (export "callback") (param $event i32) (param $subtask i32) (param $state i32) (result i32)
      (call $drop-subtask (local.get $subtask))
      (call $drop-set (call $get))
      (call $return (i32.const 42))
      (i32.const 0))) ;; exit
  (core instance $main (instantiate $main
    (with "" (instance
      (export "return" (func $return))
      (export "get" (func $get))
      (export "set" (func $set))
      (export "wait-for" (func $wait-for))
      (export "new" (func $new))
      (export "join" (func $join))
      (export "drop-subtask" (func $drop-subtask))
      (export "drop-set" (func $drop-set))))))
  (func (export "work") async (result u32)
    (canon lift (core func $main "work") async (callback (core func $main "callback")))))
;;= work: reusable_observed 8
