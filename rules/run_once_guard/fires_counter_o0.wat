;; `calls += 1; if (calls > 1) trap` at -O0: the comparison itself is a local, masked before the branch.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $_start (export "_start")
      (local $zero i32) (local $calls i32) (local $more i32)
      (local $now i32) (local $limit i32) (local $cond i32)
      i32.const 0
      local.set $zero
      local.get $zero
      i32.load offset=1040
      local.set $calls
      local.get $calls
      i32.const 1
      i32.add
      local.set $more
      local.get $zero
      local.get $more
      i32.store offset=1040
      local.get $zero
      i32.load offset=1040
      local.set $now
      i32.const 1
      local.set $limit
      local.get $now
      local.get $limit
      i32.gt_s
      i32.const 1
      i32.and
      local.set $cond
      block
        local.get $cond
        i32.eqz
        br_if 0
        unreachable
      end))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x76): `run` traps when called again in the same instance
