;; `RefCell::borrow_mut`: begins like a guard, but the borrow ends before the call does.
(component
  (core module $main
    (memory (export "memory") 2)
    (func $panic_already_borrowed unreachable)
    (func (export "push") (param $value i32) (result i32) (local $count i32)
      (if (i32.load (i32.const 1040)) (then (call $panic_already_borrowed) unreachable))
      (i32.store (i32.const 1040) (i32.const -1))
      (i32.store (i32.const 1044)
        (local.tee $count (i32.add (i32.load (i32.const 1044)) (i32.const 1))))
      (i32.store (i32.const 1048) (local.get $value))
      (i32.store (i32.const 1040)
        (i32.add (i32.load (i32.const 1040)) (i32.const 1)))
      (local.get $count)))
  (core instance $main (instantiate $main))
  (func (export "push") (param "value" u32) (result u32)
    (canon lift (core func $main "push"))))
;;= warning[known_answers_differ] core module 0 `main` > func 1 `push` (0x60): `push` answers 1 on a fresh instance and 2 in its second call, whatever the arguments
