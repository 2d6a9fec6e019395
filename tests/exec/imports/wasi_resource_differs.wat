;; In this release candidate, a WASI interface reexports another interface's resource where the host has a separate
;; one. The interface is stubbed as a whole; the other one is provided by the host.
(component
  (import "wasi:io/poll@0.2.0-rc-2023-10-18" (instance $poll
    (export "pollable" (type $pollable (sub resource)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.0-rc-2023-10-18" (instance $streams
    (alias outer 1 $pollable (type $outer))
    (export "input-stream" (type $stream (eq $outer)))
    (export "open" (func (result (own $stream))))))
  (core func $drop (canon resource.drop $pollable))
  (core func $open (canon lower (func $streams "open")))
  (core module $main
    (import "" "drop" (func $drop (param i32)))
    (import "" "open" (func $open (result i32)))
    (func (export "work") (call $drop (call $open))))
  (core instance $main (instantiate $main
    (with "" (instance (export "drop" (func $drop)) (export "open" (func $open))))))
  (func (export "work") (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
