;; ComponentizeJS's `cur_fn_idx`: -1 while no call is open, set by the call, back to -1 in its post-return.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1024) "\2c\04\00\00\05\00\00\00")
    (data (i32.const 1040) "\ff\ff\ff\ff")
    (data (i32.const 1068) "hello")
    (func $call (export "greet") (result i32)
      (if (i32.ne (i32.load (i32.const 1040)) (i32.const -1)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 0))
      (i32.const 1024))
    (func $post_call (export "cabi_post_greet") (param $result i32)
      (i32.store (i32.const 1040) (i32.const -1))))
  (core instance $main (instantiate $main))
  (func (export "greet") (result string)
    (canon lift (core func $main "greet") (memory (core memory $main "memory"))
      (post-return (core func $main "cabi_post_greet")))))
