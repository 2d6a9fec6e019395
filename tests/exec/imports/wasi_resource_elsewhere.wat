;; An application interface uses WASI's pollable. It is the same resource: a stubbed function that returns one returns
;; a real one, ready at once, that `wasi:io/poll` accepts.
(component
  (import "wasi:io/poll@0.2.6" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "app:jobs/types@1.0.0" (instance $jobs
    (alias outer 1 $pollable (type $outer))
    (export "pollable" (type $pollable (eq $outer)))
    (export "submit" (func (result (own $pollable))))
    (export "cancel" (func (param "job" (own $pollable))))))
  (core func $drop (canon resource.drop $pollable))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $submit (canon lower (func $jobs "submit")))
  (core func $cancel (canon lower (func $jobs "cancel")))
  (core module $main
    (import "" "drop" (func $drop (param i32)))
    (import "" "block" (func $block (param i32)))
    (import "" "submit" (func $submit (result i32)))
    (import "" "cancel" (func $cancel (param i32)))
    (func (export "waits") (local $job i32)
      (local.set $job (call $submit))
      (call $block (local.get $job))
      (call $drop (local.get $job)))
    (func (export "cancels") (call $cancel (call $submit)))
    (func (export "keeps") (drop (call $submit))))
  (core instance $main (instantiate $main (with "" (instance
    (export "drop" (func $drop)) (export "block" (func $block))
    (export "submit" (func $submit)) (export "cancel" (func $cancel))))))
  (func (export "waits") (canon lift (core func $main "waits")))
  (func (export "cancels") (canon lift (core func $main "cancels")))
  (func (export "keeps") (canon lift (core func $main "keeps"))))
;;= waits: reusable_observed 8
;;= cancels: reusable_observed 8
;;= keeps: reusable_observed 8
;;= warning[handles_grow] calls of `keeps` leak handles of `wasi:io/poll pollable` from `app:jobs/types@1.0.0#submit`, 1 per call: 2008 after 2008 calls; `keeps` asks for them
