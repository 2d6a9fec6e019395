;; Opens a file in each call and never drops the descriptor. A leak; the answer stays the same.
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
    (export "[method]descriptor.read" (func
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))))
    (export "[method]descriptor.write" (func
      (param "self" (borrow $descriptor)) (param "buffer" (list u8)) (param "offset" u64)
      (result (result u64 (error $error-code)))))))
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
  (core func $read (canon lower (func $types "[method]descriptor.read")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $write (canon lower (func $types "[method]descriptor.write")
    (memory (core memory $memory "memory"))))
  (core func $drop (canon resource.drop $descriptor))
  (core module $main
    (import "" "memory" (memory 1))
    (import "" "directories" (func $directories (param i32)))
    (import "" "open" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "" "read" (func $read (param i32 i64 i64 i32)))
    (import "" "write" (func $write (param i32 i32 i32 i64 i32)))
    (import "" "drop" (func $drop (param i32)))
    (data (i32.const 512) "note")
    (func (export "work") (result i32)
      (local $root i32) (local $note i32)
      (local.set $note (call $note (local.tee $root (call $root))))
      (call $drop (local.get $root))
      (call $append (local.get $note)))
    (func $root (result i32)
      (call $directories (i32.const 0))
      (i32.load (i32.load (i32.const 0))))
    (func $note (param $root i32) (result i32)
      (call $open (local.get $root) (i32.const 0) (i32.const 512) (i32.const 4)
        (i32.const 1) (i32.const 3) (i32.const 16)) ;; create; read, write
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (i32.load (i32.const 20)))
    (func $append (param $note i32) (result i32)
      (local $bytes i32)
      (call $read (local.get $note) (i64.const 16) (i64.const 0) (i32.const 16))
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (local.set $bytes (i32.load (i32.const 24)))
      (call $write (local.get $note) (i32.const 512) (i32.const 1)
        (i64.extend_i32_u (local.get $bytes)) (i32.const 16))
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (local.get $bytes)))
  (core instance $main (instantiate $main
    (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "directories" (func $directories))
      (export "open" (func $open))
      (export "read" (func $read))
      (export "write" (func $write))
      (export "drop" (func $drop))))))
  (func (export "work") (result u32) (canon lift (core func $main "work"))))
;;= work: reusable_observed 8
;;= warning[handles_grow] calls of `work` leak handles of `wasi:filesystem/types descriptor` from `wasi:filesystem/types@0.2.6#[method]descriptor.open-at` or `wasi:filesystem/preopens@0.2.6#get-directories`, 1 per call: 2008 after 2008 calls; `note` asks for them
