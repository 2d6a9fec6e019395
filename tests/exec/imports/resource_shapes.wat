;; Two resources of the component. One can be created only with an empty name: its method is called nevertheless. The
;; other can never be created: its constructor fails, so its method is not exercised.
(component
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (type $session (resource (rep i32)))
  (type $token (resource (rep i32)))
  (core func $new-session (canon resource.new $session))
  (core module $main
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "session") (param i32 i32) (result i32)
      (if (local.get 1) (then (unreachable)))
      (call $new (i32.const 7)))
    (func (export "id") (param i32) (result i32) (local.get 0))
    (func (export "token") (param i32 i32) (result i32) (unreachable)))
  (core instance $main (instantiate $main
    (with "" (instance (export "new" (func $new-session))))))
  (func $session (param "name" string) (result (own $session)) (canon lift (core func $main "session")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (func $session-id (param "self" (borrow $session)) (result u32)
    (canon lift (core func $main "id")))
  (func $token (param "name" string) (result (own $token)) (canon lift (core func $main "token")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (func $token-id (param "self" (borrow $token)) (result u32)
    (canon lift (core func $main "id")))
  (component $api
    (import "session" (type $session (sub resource)))
    (import "token" (type $token (sub resource)))
    (import "new-session" (func $session (param "name" string) (result (own $session))))
    (import "session-id" (func $session-id (param "self" (borrow $session)) (result u32)))
    (import "new-token" (func $token (param "name" string) (result (own $token))))
    (import "token-id" (func $token-id (param "self" (borrow $token)) (result u32)))
    (export $s "session" (type $session))
    (export $t "token" (type $token))
    (export "[constructor]session" (func $session)
      (func (param "name" string) (result (own $s))))
    (export "[method]session.id" (func $session-id) (func (param "self" (borrow $s)) (result u32)))
    (export "[constructor]token" (func $token) (func (param "name" string) (result (own $t))))
    (export "[method]token.id" (func $token-id) (func (param "self" (borrow $t)) (result u32))))
  (instance $api (instantiate $api
    (with "session" (type $session)) (with "token" (type $token))
    (with "new-session" (func $session)) (with "session-id" (func $session-id))
    (with "new-token" (func $token)) (with "token-id" (func $token-id))))
  (export "shop:auth/sessions@1.0.0" (instance $api)))
;;= shop:auth/sessions@1.0.0#[constructor]session: reusable_observed 2
;;= shop:auth/sessions@1.0.0#[method]session.id: reusable_observed 8
;;= shop:auth/sessions@1.0.0#[constructor]token: unknown
;;= shop:auth/sessions@1.0.0#[method]token.id: unknown
;;= warning[some_arguments_trap] 6 of 8 calls of `shop:auth/sessions@1.0.0#[constructor]session` with different arguments trap on a fresh instance, as with `("hello")`: unreachable
;;= shop:auth/sessions@1.0.0#[constructor]token not seen: not-exercised: each first call traps (unreachable); it may need other arguments (--call)
;;= shop:auth/sessions@1.0.0#[method]token.id not seen: resource-argument: an argument is a resource that cannot be created: `shop:auth/sessions@1.0.0#[constructor]token` traps (unreachable)
