//! Texts that runtimes print when a component fails, and their causes. The first match counts, so specific entries
//! come first.

/// A text that a runtime or guest prints, and its cause.
#[derive(Debug)]
pub(super) struct Symptom {
    /// Texts of which one must occur; compared in lower case.
    marks: &'static [&'static str],
    /// Names of which the innermost frame, or a text without frames, must contain one; empty for any.
    frames: &'static [&'static str],
    /// The rule that finds the cause in a component.
    pub(super) rule: Option<&'static str>,
    /// The cause, as a heading.
    pub(super) title: &'static str,
    /// What happened and what to do.
    pub(super) words: &'static str,
}

/// The first symptom that matches `text`.
pub(super) fn recognise(text: &str) -> Option<&'static Symptom> {
    let text = text.to_lowercase();
    let mut frames = text.lines().filter(|line| line.trim_start().starts_with("0:"));
    let innermost = frames.next().unwrap_or(&text);
    SYMPTOMS.iter().find(|it| {
        it.marks.iter().any(|mark| text.contains(mark))
            && (it.frames.is_empty() || words(innermost).any(|word| it.frames.contains(&word)))
    })
}

/// The names in a frame: `0: 0x853 - api.wasm!_start` contains `_start`, but not `start`.
fn words(frame: &str) -> impl Iterator<Item = &str> {
    frame.split(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | ':' | '/')))
}

const SYMPTOMS: &[Symptom] = &[
    Symptom {
        marks: &[
            "wasmexport function called before runtime initialization",
            "called after main.main returned",
            "call _initialize first",
            "wasmexport function did not finish",
            "all goroutines are asleep",
        ],
        frames: &[],
        rule: Some("export_needs_running_main"),
        title: "A Go or TinyGo export was called while its runtime was not running",
        words: "The module is built as a command: its exports work only between the start of the runtime and \
                the end of `main`. Build it with `-buildmode=c-shared`, which exports `_initialize` instead of \
                `_start`; the component then starts the runtime when it is instantiated, and every call finds it \
                running.",
    },
    Symptom {
        marks: &["respondwith can't be called twice", "response-outparam::set"],
        frames: &[],
        rule: None,
        title: "A handler did not answer the second request",
        words: "A JavaScript component that listens for `fetch` events has one event object, which can be answered \
                once. The second request in the same instance gets no answer, and the instance does not trap, so it \
                stays in use. Export `incomingHandler` instead of the listener, or give each request a fresh \
                instance (`--max-instance-reuse-count=1`).",
    },
    Symptom {
        marks: &["exited with i32 exit status", "i32exit", "proc_exit"],
        frames: &[],
        rule: Some("exits_after_success"),
        title: "The guest exited",
        words: "The guest called exit, which ends the instance whatever the status, so no later call can enter it. \
                With status 0, this call succeeded, but the next one fails. Return from `main` \
                instead of calling exit, build a reactor that exports a named function, or give each call a fresh \
                instance.",
    },
    Symptom {
        marks: &[
            "only be called once per thread",
            "thread_info.is_none()",
            "thread_info.stack_guard",
        ],
        frames: &[],
        rule: Some("unguarded_command_rerun"),
        title: "Rust's runtime was started twice in one instance",
        words: "The entry point of a Rust program ran twice in the same instance, and the standard library refused \
                its second start. Build a reactor (`crate-type = [\"cdylib\"]`), or give each call a fresh instance.",
    },
    Symptom {
        marks: &["cannot leave component instance"],
        frames: &[],
        rule: Some("constructors_on_every_export"),
        title: "An import was called where a component must not call imports",
        words: "While arguments are stored or results are freed (in `realloc` or `post-return`), a component must \
                not call an import. The usual cause is a `realloc` that runs static constructors first: the linker \
                wraps every export in them when nobody calls `__wasm_call_ctors`.",
    },
    Symptom {
        marks: &["unreachable"],
        frames: &["_initialize"],
        rule: None,
        title: "A reactor was initialized twice",
        words: "`_initialize` of wasi-libc traps when it is called again. A component calls it while it is \
                instantiated; neither the host nor an export may call it again.",
    },
    Symptom {
        marks: &["unreachable"],
        frames: &["_start", "wasi:cli/run"],
        rule: Some("run_once_guard"),
        title: "A command's entry point was called twice in one instance",
        words: "`_start` of wasi-libc stores a flag on its first call and traps when it finds the flag set. If this \
                was the first call of the instance, the trap has another cause. Otherwise give each call a fresh \
                instance, or build a reactor.",
    },
    Symptom {
        marks: &["unreachable executed at adapter line"],
        frames: &[],
        rule: None,
        title: "An assertion of the preview1 adapter failed",
        words: "The adapter between preview1 and preview2 trapped; the line is in its own source. A `proxy` \
                adapter refuses `proc_exit`, and with it every `exit()` of the guest.",
    },
    Symptom {
        marks: &["post_call was not called", "post_return"],
        frames: &[],
        rule: None,
        title: "The host did not finish the previous call",
        words: "Before wasmtime 42, a host has to call `post_return` after every call of an export, even if the \
                component declares none. This is a bug in the host, not in the component.",
    },
    Symptom {
        marks: &["handle limit exceeded", "cannot allocate another handle"],
        frames: &[],
        rule: None,
        title: "Handles are not dropped",
        words: "Each call leaves resource handles behind, until the table is full. Drop each resource that a call \
                receives or creates.",
    },
    Symptom {
        marks: &["realloc return: beyond end of memory", "realloc return: result not aligned"],
        frames: &[],
        rule: None,
        title: "The component's `realloc` returned an invalid address",
        words: "The runtime asked the component for memory for an argument or result and got an address outside \
                its memory. The usual cause is an allocator that never frees, or a missing `post-return`: memory \
                runs out after some calls.",
    },
    Symptom {
        marks: &["failed to produce a result"],
        frames: &[],
        rule: None,
        title: "An async export ended without a result",
        words: "The export's task ended, and `task.return` was not called.",
    },
    Symptom {
        marks: &["event loop cannot make further progress", "deadlock detected"],
        frames: &[],
        rule: None,
        title: "All tasks are blocked",
        words: "No task of the store can continue: one waits for an event that never happens, or an earlier call \
                enabled backpressure and did not disable it.",
    },
    Symptom {
        marks: &["cannot block a synchronous task"],
        frames: &[],
        rule: None,
        title: "A synchronous function blocked",
        words: "A function of a type that is not `async` called something that blocks before it returned.",
    },
    Symptom {
        marks: &["cannot enter component instance"],
        frames: &[],
        rule: None,
        title: "An earlier call failed",
        words: "This message is not the cause. A trap or exit ends the instance (since wasmtime 42, the whole store), and \
                every later call fails with this message. Find the first call that failed and explain its text. If \
                none failed, a component has called itself back through the host or another component.",
    },
    Symptom {
        marks: &["unreachable"],
        frames: &[],
        rule: None,
        title: "The guest aborted",
        words: "`unreachable` is how a guest ends after a panic, a failed assertion or an abort. If the first call \
                worked and the same call failed later, paste the backtrace as well: its innermost names identify the \
                rule that explains it. `secondcall check FILE` finds the cause in the component.",
    },
];
