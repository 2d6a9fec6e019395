;; The first call gets a handle and drops it. Every later call drops the same number again and traps (unknown handle
;; index). Single shot, by a trap of the canonical ABI.
(component
  (import "wasi:io/streams@0.2.6" (instance $streams
    (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdout@0.2.6" (instance $stdout
    (alias outer 1 $output-stream (type $output-stream))
    (export "get-stdout" (func (result (own $output-stream))))))
  (core module $main
    (import "" "get-stdout" (func $get-stdout (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $stdout (mut i32) (i32.const 0))
    (func (export "work") (result i32)
      (if (i32.eqz (global.get $stdout))
        (then (global.set $stdout (call $get-stdout))))
      (call $drop (global.get $stdout))
      (i32.const 42)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $drop (canon resource.drop $output-stream))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "get-stdout" (func $get-stdout))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: single_shot
;;= error[later_call_fails] call 2 of `work` on the same instance traps (unknown handle index 1), where a fresh instance returns
;;=   because `stdout`: 0 before call 1, 1 after; with it put back, call 2 returns as a fresh instance does
