;; Fills a directory with files of long names, and lists it in an endless loop without reading or dropping a listing. What
;; a listing keeps must not depend on the size of its directory.
(component
  (import "wasi:filesystem/types@0.2.6" (instance $types
    (export "descriptor" (type $descriptor (sub resource)))
    (type $code (enum "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist"
      "file-too-large" "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io" "is-directory" "loop"
      "too-many-links" "message-size" "name-too-long" "no-device" "no-entry" "no-lock" "insufficient-memory"
      "insufficient-space" "not-directory" "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device"
      "overflow" "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (export "error-code" (type $error-code (eq $code)))
    (type $path (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $path)))
    (type $open (flags "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $open)))
    (type $access (flags "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync"
      "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $access)))
    (export "[method]descriptor.open-at" (func
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))
    (export "directory-entry-stream" (type $entries (sub resource)))
    (export "[method]descriptor.read-directory" (func
      (param "self" (borrow $descriptor)) (result (result (own $entries) (error $error-code)))))))
  (alias export $types "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.6" (instance $preopens
    (alias outer 1 $descriptor (type $descriptor))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      ;; What is of another size is in another place.
      (i32.add (i32.const 1024) (i32.shl (local.get 3) (i32.const 4)))))
  (core instance $memory (instantiate $memory))
  (core func $directories (canon lower (func $preopens "get-directories")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $open (canon lower (func $types "[method]descriptor.open-at")
    (memory (core memory $memory "memory"))))
  (core func $list (canon lower (func $types "[method]descriptor.read-directory")
    (memory (core memory $memory "memory"))))
  (core func $drop (canon resource.drop $descriptor))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "directories" (func $directories (param i32)))
    (import "" "open" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "" "list" (func $list (param i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "work") (result i32)
      (local $root i32) (local $files i32)
      (local.set $root (call $root))
      (memory.fill (i32.const 512) (i32.const 0x61) (i32.const 200))
      (loop $next
        (call $next (i32.const 512))
        (call $open (local.get $root) (i32.const 0) (i32.const 512) (i32.const 200)
          (i32.const 1) (i32.const 3) (i32.const 16)) ;; create; read, write
        (if (i32.eqz (i32.load8_u (i32.const 16))) (then (call $drop (i32.load (i32.const 20)))))
        (local.set $files (i32.add (local.get $files) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $files) (i32.const 5000))))
      (loop $for-ever
        (call $list (local.get $root) (i32.const 16))
        (br $for-ever))
      (i32.const 0))
    ;; The next name of the letters from a to z.
    (func $next (param $at i32)
      (i32.store8 (local.get $at) (i32.add (i32.load8_u (local.get $at)) (i32.const 1)))
      (if (i32.gt_u (i32.load8_u (local.get $at)) (i32.const 0x7a))
        (then
          (i32.store8 (local.get $at) (i32.const 0x61))
          (call $next (i32.add (local.get $at) (i32.const 1))))))
    (func $root (result i32)
      (call $directories (i32.const 0))
      (i32.load (i32.load (i32.const 0)))))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "directories" (func $directories))
      (export "open" (func $open))
      (export "list" (func $list))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: unknown
;;= work not seen: budget: the first call reaches its limit of handles
