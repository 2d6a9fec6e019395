;; In this release candidate, a type has another shape than in the host. The interface is stubbed as a whole, with the
;; resource that it defines.
(component
  (import "wasi:io/streams@0.2.0-rc-2023-10-18" (instance $streams
    (export "output-stream" (type $stream (sub resource)))
    (type $errors (enum "unexpected"))
    (export "stream-error" (type $error (eq $errors)))
    (export "open" (func (result (own $stream))))
    (export "[method]output-stream.flush" (func (param "self" (borrow $stream)) (result (result (error $error)))))))
  (alias export $streams "output-stream" (type $stream))
  (core func $drop (canon resource.drop $stream))
  (core func $open (canon lower (func $streams "open")))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $flush (canon lower (func $streams "[method]output-stream.flush") (memory (core memory $memory "memory"))))
  (core module $main
    (import "" "drop" (func $drop (param i32)))
    (import "" "open" (func $open (result i32)))
    (import "" "flush" (func $flush (param i32 i32)))
    (func (export "work")
      (local $stream i32)
      (local.set $stream (call $open))
      (call $flush (local.get $stream) (i32.const 0))
      (call $drop (local.get $stream))))
  (core instance $main (instantiate $main (with "" (instance
    (export "drop" (func $drop)) (export "open" (func $open)) (export "flush" (func $flush))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
