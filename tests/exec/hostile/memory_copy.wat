;; Copies 64 MiB by one byte a hundred times, then answers. Each instruction is one step, the call takes
;; about a second.
(component
  (core module $main
    (memory 1025)
    (func (export "work") (result i32)
      (local $i i32)
      (loop $next
        (memory.copy (i32.const 1) (i32.const 0) (i32.const 67108864))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (i32.const 100))))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
