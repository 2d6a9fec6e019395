;; Only `setup(true)` reaches the guard; `setup(false)` may be called any number of times.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "setup") (param $install i32)
      (if (local.get $install)
        (then
          (if (i32.load (i32.const 1040)) (then unreachable))
          (i32.store (i32.const 1040) (i32.const 1))))))
  (core instance $main (instantiate $main))
  (func (export "setup") (param "install" bool) (canon lift (core func $main "setup"))))
;;= note[run_once_guard] core module 0 `main` > func 0 `setup` (0x47): `setup` may trap when called again in the same instance
