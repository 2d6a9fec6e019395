;; The same after `wasm-tools strip --all`: no names, no producers, no build id. What remains are the exports `_start`
;; and `tick`, no `_initialize`, and the text of Go's abort message in the data.
(component
  (core module (;0;)
    (memory (;0;) (export "memory") 20)
    (global (;0;) (mut i32) (i32.const 0))
    (func (;0;) (param i32) (result i32)
      i32.const 1234176
      i64.const 1230720
      i64.store
      i32.const 0)
    (func (;1;)
      unreachable)
    (func (;2;) (export "_start")
      i64.const 1299408
      i32.wrap_i64
      global.set 0
      i32.const 0
      call 0
      drop
      return)
    (func (;3;) (export "tick") (result i32)
      global.get 0
      i32.eqz
      if
        call 1
      end
      i32.const 0
      call 0
      drop
      i32.const 1234176
      i32.load)
    (data (i32.const 4096)
      "runtime: wasmexport function called before runtime initialization\0a\09call _initialize first\0a"))

  (core instance (;0;) (instantiate 0))
  (func (export "tick") (result u32) (canon lift (core func 0 "tick"))))
;;= error[export_needs_running_main] core module 0 > func 3 `tick` (0x7d): `tick` needs `main` to be running, and nothing in this component starts it
