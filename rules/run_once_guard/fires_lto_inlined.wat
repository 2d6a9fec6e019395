;; After LTO: constructors and main are inlined between the flag's store and the return,
;; with loops, bulk copies and computed stores of their own.
(component
  (core module $main
    (memory (export "memory") 2)
    (data (i32.const 1024) "secondcall")
    (func $_start (export "_start") (result i32) (local $i i32) (local $hash i32)
      (if (i32.load (i32.const 1040)) (then unreachable))
      (i32.store (i32.const 1040) (i32.const 1))
      ;; A constructor: for (i = 0; i < 256; i++) table[i] = i * 0x9e3779b1;
      loop $fill
        (i32.store offset=2048
          (i32.shl (local.get $i) (i32.const 2))
          (i32.mul (local.get $i) (i32.const 0x9e3779b1)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $fill (i32.lt_u (local.get $i) (i32.const 256)))
      end
      (memory.copy (i32.const 4096) (i32.const 1024) (i32.const 10))
      ;; main: hash the ten bytes.
      (local.set $i (i32.const 0))
      block $done
        loop $next
          (br_if $done (i32.eq (local.get $i) (i32.const 10)))
          (local.set $hash
            (i32.xor
              (i32.rotl (local.get $hash) (i32.const 5))
              (i32.load offset=2048
                (i32.shl (i32.load8_u offset=4096 (local.get $i)) (i32.const 2)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next)
        end
      end
      ;; A destructor: flush the log.
      (i32.store (i32.const 1056) (i32.const 0))
      (memory.fill (i32.const 4096) (i32.const 0) (i32.const 10))
      (local.get $hash)))
  (core instance $main (instantiate $main))
  (func (export "run") (result u32) (canon lift (core func $main "_start"))))
;;= error[run_once_guard] core module 0 `main` > func 0 `_start` (0x49): `run` traps when called again in the same instance
