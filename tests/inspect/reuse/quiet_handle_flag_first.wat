;; Only the first call gets a handle. Its flag is a global that is set before it.
(component
  (import "test:host/things@1.0.0" (instance $host
    (export "thing" (type $thing (sub resource)))
    (export "get" (func (result (own $thing))))))
  (core func $get (canon lower (func $host "get")))
  (core module $main
    (import "" "get" (func $get (result i32)))
    (global $has (mut i32) (i32.const 0))
    (func (export "work")
      (if (i32.eqz (global.get $has))
        (then (global.set $has (i32.const 1)) (drop (call $get))))))
  (core instance $main (instantiate $main
    (with "" (instance (export "get" (func $get))))))
  (func (export "work") (canon lift (core func $main "work"))))
