;; The flag is a global.
(component
  (core module $main
    (global $started (mut i32) (i32.const 0))
    (func $_start (export "_start")
      (if (global.get $started) (then unreachable))
      (global.set $started (i32.const 1))))
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "_start"))))
