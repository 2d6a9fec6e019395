//! What runtimes print when a component does not survive, and what it means. From the particular
//! to the general: the first entry that fits answers.

/// A text that a runtime or guest prints, and its cause.
#[derive(Debug)]
pub(super) struct Symptom {
    /// What was pasted has one of these texts in it; compared in lower case.
    marks: &'static [&'static str],
    /// If not empty, the innermost frame must have one of these as a whole word; without frames, the text.
    frames: &'static [&'static str],
    /// The rule that finds the cause in a component.
    pub(super) rule: Option<&'static str>,
    /// The cause, as a heading.
    pub(super) title: &'static str,
    /// What happened, and what to do.
    pub(super) words: &'static str,
}

/// The symptom that `text` shows.
pub(super) fn recognise(text: &str) -> Option<&'static Symptom> {
    let text = text.to_lowercase();
    let mut frames = text.lines().filter(|line| line.trim_start().starts_with("0:"));
    let innermost = frames.next().unwrap_or(&text);
    SYMPTOMS.iter().find(|it| {
        it.marks.iter().any(|mark| text.contains(mark))
            && (it.frames.is_empty() || words(innermost).any(|word| it.frames.contains(&word)))
    })
}

/// The names in a frame: `0: 0x853 - api.wasm!_start` has `_start`, and not `start`.
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
                the end of `main`. Build it with `-buildmode=c-shared`, which exports `_initialize` in place of \
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
                stays in use. Export `incomingHandler` in place of the listener, or give each request a fresh \
                instance (`--max-instance-reuse-count=1`).",
    },
    Symptom {
        marks: &["exited with i32 exit status", "i32exit", "proc_exit"],
        frames: &[],
        rule: Some("exits_after_success"),
        title: "The guest ended its own instance",
        words: "The guest called exit, which ends the instance whatever the status, so no later call can enter it. \
                With status 0 the call did what it should; it is the next one that fails. Return from `main` in \
                place of calling exit, build a reactor that exports a named function, or give each call a fresh \
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
        title: "Rust's runtime was started a second time in one instance",
        words: "The entry point of a Rust program ran twice in the same instance, and the standard library refused \
                its second start. Build a reactor (`crate-type = [\"cdylib\"]`), or give each call a fresh instance.",
    },
    Symptom {
        marks: &["cannot leave component instance"],
        frames: &[],
        rule: Some("constructors_on_every_export"),
        title: "An import was called where the component may not call out",
        words: "While arguments are stored or results are freed (in `realloc` or `post-return`), a component may \
                not call an import. The usual cause is a `realloc` that runs static constructors first: the linker \
                wraps every export in them when nobody calls `__wasm_call_ctors`.",
    },
    Symptom {
        marks: &["unreachable"],
        frames: &["_initialize"],
        rule: None,
        title: "A reactor was initialised a second time",
        words: "`_initialize` of wasi-libc traps when it is called again. A component calls it while it is \
                instantiated; the embedder, or an export, must not call it once more.",
    },
    Symptom {
        marks: &["unreachable"],
        frames: &["_start", "wasi:cli/run"],
        rule: Some("run_once_guard"),
        title: "A command's entry point was called a second time in one instance",
        words: "`_start` of wasi-libc stores a flag on its first call and traps when it finds the flag set. If this \
                was the first call of the instance, the trap has another cause. Otherwise give each call a fresh instance, or build a reactor.",
    },
    Symptom {
        marks: &["unreachable executed at adapter line"],
        frames: &[],
        rule: None,
        title: "The preview1 adapter refused",
        words: "An assertion of the adapter between preview1 and preview2 failed; it prints the line of its own \
                source. A `proxy` adapter refuses `proc_exit`, and with it every `exit()` of the guest.",
    },
    Symptom {
        marks: &["post_call was not called", "post_return"],
        frames: &[],
        rule: None,
        title: "The embedder did not finish the call before",
        words: "Before wasmtime 42 an embedder has to call `post_return` after every call of an export, also where \
                the component declares none. This is a fault of the host's code, not of the component.",
    },
    Symptom {
        marks: &["handle limit exceeded", "cannot allocate another handle"],
        frames: &[],
        rule: None,
        title: "Handles are not dropped",
        words: "Each call leaves resource handles behind, until the table is full. Drop each resource that a call \
                receives or makes.",
    },
    Symptom {
        marks: &["realloc return: beyond end of memory", "realloc return: result not aligned"],
        frames: &[],
        rule: None,
        title: "The component's `realloc` gave no usable memory",
        words: "The runtime asked the component for room for an argument or result and got an address outside its \
                memory. An allocator that never frees comes to this after some calls; so does a missing \
                `post-return`.",
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
        title: "Every task waits",
        words: "No task of the store can go on: one waits for what never comes, or backpressure was switched on by \
                an earlier call and never off.",
    },
    Symptom {
        marks: &["cannot block a synchronous task"],
        frames: &[],
        rule: None,
        title: "A function that is not async waited",
        words: "A function of a type that is not `async` called something that blocks before it returned.",
    },
    Symptom {
        marks: &["cannot enter component instance"],
        frames: &[],
        rule: None,
        title: "The echo of an earlier failure",
        words: "This is not the cause. A trap or exit ends the instance (since wasmtime 42, the whole store), and \
                every later call gets this answer. Look for the first call that failed, and explain its text. If \
                none failed, a component has called itself back through the host or another component.",
    },
    Symptom {
        marks: &["unreachable"],
        frames: &[],
        rule: None,
        title: "The guest stopped itself",
        words: "`unreachable` is how a guest ends after a panic, a failed assertion or an abort. If the first call \
                worked and the same call failed later, paste the backtrace as well: its innermost names tell which \
                rule explains it, and `secondcall check FILE` finds it from the file.",
    },
];
