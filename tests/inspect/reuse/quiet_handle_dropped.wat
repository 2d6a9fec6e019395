;; The same, and the component can drop it.
(component
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (export "output-stream" (type $output-stream (sub resource)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (alias export $stdout "output-stream" (type $output-stream))
  (core module $main
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work") (result i32)
      (call $drop (call $get-stdout))
      (i32.const 0)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $drop (canon resource.drop $output-stream))
  (core instance $main (instantiate $main
    (with "" (instance (export "get-stdout" (func $get-stdout)) (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
