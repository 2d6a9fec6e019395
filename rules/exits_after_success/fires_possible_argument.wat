;; Rust's `std::process::exit` behind a condition: the export exits if its argument is 0, and returns
;; otherwise.
(component
  (import "wasi:cli/exit@0.2.6" (instance $wasi:cli/exit
    (export "exit" (func (param "status" (result))))))

  (core module $main
    (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
    (func $std::process::exit (param i32)
      local.get 0
      i32.const 0
      i32.ne
      call $exit
      unreachable)
    (func $check (export "check") (param $value i32) (result i32)
      local.get $value
      i32.eqz
      if
        i32.const 0
        call $std::process::exit
        unreachable
      end
      i32.const 100
      local.get $value
      i32.div_u))

  (core func $exit (canon lower (func $wasi:cli/exit "exit")))
  (core instance $main (instantiate $main
    (with "wasi:cli/exit@0.2.6" (instance (export "exit" (func $exit))))))
  (func (export "check") (param "value" u32) (result u32) (canon lift (core func $main "check"))))
;;= note[exits_after_success] core module 0 `main` > func 2 `check` (0x9d): `check` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then
