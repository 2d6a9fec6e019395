;; Each call leaves a page behind and scans all of them, so calls become more expensive until the budget ends them.
;; What was observed until then counts.
(component
  (core module $m
    (memory 1)
    (global $n (mut i32) (i32.const 0))
    (func (export "add") (result i32) (local i32 i32)
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
      (global.set $n (i32.add (global.get $n) (i32.const 2048)))
      (local.set 0 (global.get $n))
      (loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0)))
      (i32.const 1)))
  (core instance $i (instantiate $m))
  (func (export "add") (result u32) (canon lift (core func $i "add"))))
;;= add: reusable_observed 8
;;= warning[memory_grows] each call of `add` leaks about 64 KiB of linear memory: 35 MiB after 568 calls; `add` asks for it
