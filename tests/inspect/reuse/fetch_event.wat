;; ComponentizeJS lifts the engine's own handler, without post-return, for a script that listens for `fetch` events. The
;; engine has one event object, which can be answered once.
(component
  (core module $main
    (@producers (processed-by "ComponentizeJS" "0.23.0"))
    (func (export "wasi:http/incoming-handler@0.2.10#handle")))
  (core instance $main (instantiate $main))
  (func $handle (canon lift (core func $main "wasi:http/incoming-handler@0.2.10#handle")))
  (instance $handler (export "handle" (func $handle)))
  (export "wasi:http/incoming-handler@0.2.10" (instance $handler)))
