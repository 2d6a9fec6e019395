;; Calls an async function of another component, waits for it and never drops the subtask. A leak of one handle per
;; call; the answer stays the same.
(component
  (component $napper
    (core func $return (canon task.return))
    (core module $main
      (import "" "return" (func $return))
      (func (export "nap") (result i32)
        (i32.const 1)) ;; yield
      (func (export "callback") (param i32 i32 i32) (result i32)
        (call $return)
        (i32.const 0))) ;; exit
    (core instance $main (instantiate $main (with "" (instance (export "return" (func $return))))))
    (func (export "nap") async
      (canon lift (core func $main "nap") async (callback (core func $main "callback")))))
  (component $worker
    (import "nap" (func $nap async))
    (core func $return (canon task.return (result u32)))
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core func $nap (canon lower (func $nap) async))
    (core func $new (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core func $drop-set (canon waitable-set.drop))
    (core module $main
      (import "" "return" (func $return (param i32)))
      (import "" "get" (func $get (result i32)))
      (import "" "set" (func $set (param i32)))
      (import "" "nap" (func $nap (result i32)))
      (import "" "new" (func $new (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "drop-set" (func $drop-set (param i32)))
      (func (export "work") (result i32)
        (call $set (call $new))
        (call $join (i32.shr_u (call $nap) (i32.const 4)) (call $get))
        (i32.or (i32.const 2) (i32.shl (call $get) (i32.const 4)))) ;; wait
      (func (export "callback") (param $event i32) (param $subtask i32) (param $state i32) (result i32)
        (call $join (local.get $subtask) (i32.const 0))
        (call $drop-set (call $get))
        (call $return (i32.const 42))
        (i32.const 0))) ;; exit
    (core instance $main (instantiate $main
      (with "" (instance
        (export "return" (func $return))
        (export "get" (func $get))
        (export "set" (func $set))
        (export "nap" (func $nap))
        (export "new" (func $new))
        (export "join" (func $join))
        (export "drop-set" (func $drop-set))))))
    (func (export "work") async (result u32)
      (canon lift (core func $main "work") async (callback (core func $main "callback")))))
  (instance $napper (instantiate $napper))
  (instance $worker (instantiate $worker (with "nap" (func $napper "nap"))))
  (export "work" (func $worker "work")))
;;= work: reusable_observed 8
;;= warning[handles_grow] calls of `work` leak tasks, waitable sets or streams, 1 per call: 2008 after 2008 calls
