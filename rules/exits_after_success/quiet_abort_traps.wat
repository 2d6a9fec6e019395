;; Rust with panic=abort: the error path traps. A trap also ends the instance, but the caller sees it as a failure; no
;; call succeeds by exiting.
(component
  (core module $main
    (func $__rust_start_panic
      unreachable)
    (func $checked_div (export "checked-div") (param $value i32) (result i32)
      local.get $value
      i32.eqz
      if
        call $__rust_start_panic
        unreachable
      end
      i32.const 100
      local.get $value
      i32.div_u))

  (core instance $main (instantiate $main))
  (func (export "checked-div") (param "value" u32) (result u32)
    (canon lift (core func $main "checked-div"))))
