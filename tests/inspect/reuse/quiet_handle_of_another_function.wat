;; A table holds a function that gets a handle, beside others. No call of this export is known to reach it.
(component
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (export "output-stream" (type $stream (sub resource)))
    (export "get-stdout" (func (result (own $stream))))))
  (core func $get (canon lower (func $stdout "get-stdout")))
  (core module $main
    (import "" "get-stdout" (func $get (result i32)))
    (type $native (func (result i32)))
    (table 2 2 funcref)
    (elem (i32.const 0) $one $print)
    (func $one (type $native) (i32.const 1))
    (func $print (type $native) (call $get))
    (func (export "run-script") (param i32) (result i32)
      (call_indirect (type $native) (i32.and (local.get 0) (i32.const 1)))))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stdout" (func $get))))))
  (func (export "run-script") (param "script" u32) (result u32)
    (canon lift (core func $main "run-script"))))
