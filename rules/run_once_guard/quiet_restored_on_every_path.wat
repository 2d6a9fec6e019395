;; Early return, branch and fall-through: each of the three exits clears the flag.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "parse") (param $length i32) (result i32) (local $result i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      (if (i32.eqz (local.get $length))
        (then
          (i32.store (i32.const 1040) (i32.const 0))
          (return (i32.const 0))))
      block $out
        (br_if $out (i32.eq (local.get $length) (i32.const 1)))
        (local.set $result (i32.mul (local.get $length) (i32.const 2)))
      end
      (i32.store (i32.const 1040) (i32.const 0))
      (local.get $result)))
  (core instance $main (instantiate $main))
  (func (export "parse") (param "length" u32) (result u32)
    (canon lift (core func $main "parse"))))
