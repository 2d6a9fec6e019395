;; One arm of a `match` on the argument is guarded: 0 (`open`) traps the second time, 1 and 2 do not.
(component
  (core module $main
    (memory (export "memory") 2)
    (func (export "door") (param $action i32) (result i32)
      block $close
        block $read
          block $open
            (br_table $open $read $close (local.get $action))
          end
          (if (i32.load (i32.const 1040)) (then unreachable))
          (i32.store (i32.const 1040) (i32.const 1))
          (return (i32.const 1))
        end
        (return (i32.const 2))
      end
      (i32.const 3)))
  (core instance $main (instantiate $main))
  (func (export "door") (param "action" u32) (result u32)
    (canon lift (core func $main "door"))))
;;= note[run_once_guard] core module 0 `main` > func 0 `door` (0x52): `door` may trap when called again in the same instance
