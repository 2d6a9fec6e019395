;; Answers a hundred calls well, and from then on grows its memory until that fails.
(component
  (core module $main
    (memory 1)
    (global $called (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (if (i32.ge_u (global.get $called) (i32.const 100))
        (then (loop $next (br_if $next (i32.ne (memory.grow (i32.const 256)) (i32.const -1))))))
      (global.set $called (i32.add (global.get $called) (i32.const 1)))
      (i32.const 42)))
  (core instance $main (instantiate $main))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
