;; For a script that exports `incomingHandler`, it adds a function that frees, also if there is nothing to free.
(component
  (core module $main
    (@producers (processed-by "StarlingMonkey" "1"))
    (func (export "post"))
    (func (export "wasi:http/incoming-handler@0.2.10#handle")))
  (core instance $main (instantiate $main))
  (func $handle (canon lift (core func $main "wasi:http/incoming-handler@0.2.10#handle")
    (post-return (core func $main "post"))))
  (instance $handler (export "handle" (func $handle)))
  (export "wasi:http/incoming-handler@0.2.10" (instance $handler)))
