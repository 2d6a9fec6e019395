;; A command behind an adapter: `_start` traps when it is called again.
(component
  (core module $main
    (type $none (func))
    (import "env" "log" (func $log (param i32)))
    (memory (export "memory") 1)
    (func $helper (param $x i32) (result i32)
      local.get $x
      i32.const 1
      i32.add)
    (func $_start (export "_start") (type $none)
      (block $unset
        i32.const 0
        i32.load offset=1040
        i32.eqz
        br_if $unset
        unreachable)
      i32.const 0
      i32.const 1
      i32.store offset=1040
      i32.const 7
      call $helper
      call $log
      i32.const 2
      call $log
      i32.const 3
      call $log))
  (component
    (core module $adapter
      (import "main" "_start" (func $start))
      (func (export "wasi:cli/run@0.2.6#run") (result i32)
        call $start
        i32.const 0))))
