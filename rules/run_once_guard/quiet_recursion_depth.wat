;; A recursion guard: the depth goes up and down again, and traps above 100.
(component
  (core module $main
    (global $depth (mut i32) (i32.const 0))
    (func $sum (param $n i32) (result i32) (local $rest i32)
      (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
      (if (i32.gt_u (global.get $depth) (i32.const 100)) (then unreachable))
      (if (local.get $n)
        (then
          (local.set $rest (call $sum (i32.sub (local.get $n) (i32.const 1))))))
      (global.set $depth (i32.sub (global.get $depth) (i32.const 1)))
      (i32.add (local.get $n) (local.get $rest)))
    (func (export "sum") (param $n i32) (result i32) (call $sum (local.get $n))))
  (core instance $main (instantiate $main))
  (func (export "sum") (param "n" u32) (result u32) (canon lift (core func $main "sum"))))
