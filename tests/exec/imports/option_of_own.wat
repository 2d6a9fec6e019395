;; Takes items from the host until there is none: a stubbed `next` must end, and must return something. `drain` drops
;; what it gets and is fine; `keep` does not.
(component
  (import "shop:stock/items@1.0.0" (instance $items
    (export "item" (type $item (sub resource)))
    (export "next" (func (result (option (own $item)))))))
  (alias export $items "item" (type $item))
  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $drop (canon resource.drop $item))
  (core func $next (canon lower (func $items "next") (memory (core memory $memory "memory"))))
  (core module $main
    (import "m" "memory" (memory 1))
    (import "" "drop" (func $drop (param i32)))
    (import "" "next" (func $next (param i32)))
    (func $take (param $keep i32) (result i32) (local $taken i32)
      (block $none
        (loop $again
          (call $next (i32.const 16))
          (br_if $none (i32.eqz (i32.load8_u (i32.const 16))))
          (if (i32.eqz (local.get $keep)) (then (call $drop (i32.load (i32.const 20)))))
          (local.set $taken (i32.add (local.get $taken) (i32.const 1)))
          (br $again)))
      (local.get $taken))
    (func (export "drain") (result i32) (call $take (i32.const 0)))
    (func (export "keep") (result i32) (call $take (i32.const 1))))
  (core instance $main (instantiate $main
    (with "m" (instance $memory))
    (with "" (instance (export "drop" (func $drop)) (export "next" (func $next))))))
  (func (export "drain") (result u32) (canon lift (core func $main "drain")))
  (func (export "keep") (result u32) (canon lift (core func $main "keep"))))
;;= drain: reusable_observed 8
;;= keep: reusable_observed 8
;;= warning[handles_grow] calls of `keep` leak handles of `shop:stock/items item` from `shop:stock/items@1.0.0#next`, 1 per call: 2008 after 2008 calls; `take` asks for them
