//! OBSERVED: what calls of a component's exports did, as plain values. Written by the execution check,
//! read by the rules that judge it. Judges nothing, and knows neither an engine nor a rule.

mod destructor;
mod difference;
mod first_call;
mod played;
pub mod growth;
pub mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use difference::Difference;
pub use first_call::Missing;
use growth::Growth;
pub use played::Played;

use crate::location::ExportName;

/// What was seen of one component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// What was seen of each export that was asked for, in the order in which they were asked for.
    pub exports: Vec<ObservedExport>,
    /// Imports that are not WASI and were filled with default values of their types: `ns:pkg/iface#func`.
    pub stubbed: Vec<String>,
    /// Linear memory that an instance was given at most, in bytes.
    pub memory_limit: u64,
    /// Making an instance, where it fails: the start function of some core module traps, say. No export was called.
    pub unstartable: Option<Box<Call>>,
}

/// What was seen of one export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedExport {
    /// The export.
    pub export: ExportName,
    /// Whether the export takes arguments; what it does may then depend on those that were made up.
    pub takes_arguments: bool,
    /// Whether an argument holds more than handles: a value can be to blame for what the export does.
    pub takes_values: bool,
    /// Each call on an instance of its own; the first is call 1. What all of [`Self::reused`] is compared with.
    pub fresh: Vec<Call>,
    /// The calls that succeed on a fresh instance, one after the other on one instance, until one fails.
    pub reused: Vec<ReusedCall>,
    /// Whether the call that failed in [`Self::reused`] fails because of its arguments and the calls before it: with
    /// small and usual arguments, as many calls return.
    pub fails_by_argument: bool,
    /// The calls that return, over and over on the instance of [`Self::reused`].
    pub repeated: Option<Repeated>,
    /// Another export that has to be called first: after it the first call returns, and without it this call fails.
    /// Where the calls above succeeded, it was called first on each of their instances.
    pub earlier: Option<ExportName>,
    /// Variables that the instances of the calls above found, because the first call fails without: `PWD=/`.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Calls of other exports between two calls that changed what the second one did.
    pub disturbed: Vec<Disturbed>,
    /// Two calls at once on one instance, for what may overlap.
    pub overlapping: Option<Overlapping>,
    /// Why there is less here than was asked for.
    pub inconclusive: Option<Inconclusive>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The arguments, printed and cut.
    pub arguments: String,
    /// The bytes of the arguments: of texts and lists their contents, of a number eight.
    pub argument_bytes: u64,
    /// The scenario that was played, if the call is a step of one.
    #[serde(default)]
    pub played: Option<Played>,
    /// How it ended.
    pub end: End,
    /// What it returned: the value, or the HTTP status, headers and body.
    pub answer: Text,
    /// What it wrote to standard output.
    pub stdout: Text,
    /// What it wrote to standard error.
    pub stderr: Text,
    /// The functions of the host that it called, in order.
    pub host_calls: HostCalls,
    /// What the instance holds after it.
    pub holds: Holds,
    /// How many operators it executed, about: the engine's fuel.
    pub fuel: u64,
}

/// A call on an instance that was called before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReusedCall {
    /// Which of [`ObservedExport::fresh`] made the same call, as an index.
    pub like: usize,
    /// What it did.
    pub call: Call,
    /// The same call on a fresh instance, made again because the one in [`ObservedExport::fresh`] began at another
    /// time of the instance's clock.
    pub twin: Option<Box<Call>>,
    /// Where its answer, or else its output, differs from its twin's.
    pub difference: Option<Difference>,
    /// Whether it differs in nothing but what depends on random numbers.
    #[serde(default)]
    pub by_random: bool,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It returned.
    Returned,
    /// It trapped, or the engine refused to go on.
    Trapped(Trap),
    /// It ended the instance with a status.
    Exited(i32),
    /// An HTTP handler returned without an answer; its host answers 500.
    Unanswered,
    /// It was never let in: the instance keeps up its backpressure, which is how a component of WASI 0.3 asks not to
    /// be called again.
    HeldBack,
    /// It reached a limit of ours.
    Exhausted(Limit),
}

/// A trap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trap {
    /// The engine's words.
    pub message: String,
    /// The frames, innermost first.
    pub frames: Vec<Frame>,
    /// The resource whose destructor trapped when the host dropped it after the call: `ns:pkg/iface name`.
    #[serde(default)]
    pub destructor: Option<String>,
}

/// A frame of a backtrace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The byte of the component file at which it stood.
    pub offset: Option<u64>,
    /// The core function's name, if there is one.
    pub function: Option<String>,
}

/// What ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Operators.
    Time,
    /// Bytes of linear memory, all memories together.
    Memory,
    /// Elements of tables, all tables together.
    Table,
    /// Handles.
    Handles,
    /// Bytes of output.
    Output,
    /// Bytes that go in and out as arguments and results.
    Copied,
}

/// A text or value: what is shown of it, and what tells it from others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The beginning, of 160 characters at most; of standard error 2 KiB, the beginning and the last lines.
    pub shown: String,
    /// Its whole length in bytes.
    pub bytes: u64,
    /// The first eight bytes of the SHA-256 of the whole, in hexadecimal.
    pub digest: String,
}

/// The host's functions that a call made use of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCalls {
    /// The first of them, those of WASI without their package: `stdout#get-stdout`.
    pub first: Vec<String>,
    /// How many there were.
    pub count: u64,
    /// What the call asked for that the host does not have: `arguments`, `environment`, `environment-at-panic` (asked
    /// just before a panic's message, as Rust does to find `RUST_BACKTRACE`), `stdin`, `files`, `network`, and
    /// `import ns:pkg/iface@v#func` for stubbed functions, the first of them. Includes what instantiation asked for.
    /// What the author gave is not among it.
    #[serde(default)]
    pub refused: BTreeSet<String>,
}

/// What an instance holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {
    /// Linear memory, all memories together, in pages of 64 KiB.
    pub memory_pages: u64,
    /// Elements of all tables together.
    pub table_elements: u64,
    /// Entries of the host's resource table that belong to it: the host's side of its handles.
    pub handles: u64,
    /// Tasks, subtasks, waitable sets, streams and futures that the engine keeps for it.
    pub concurrent: u64,
}

/// Calls over and over, in turn with each kind of arguments with which a fresh instance returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeated {
    /// How many calls the instance had before.
    pub before: u32,
    /// How many calls these are, the last one included.
    pub calls: u32,
    /// What the instance held before these calls.
    pub first: Holds,
    /// What it held after the last of them that returned.
    pub last: Holds,
    /// Bytes of linear memory that each call leaves behind.
    pub memory: Option<Growth>,
    /// Handles of host resources that each call leaves behind, by type.
    pub handles: Vec<HandleGrowth>,
    /// Tasks, subtasks, waitable sets, streams and futures that each call leaves behind.
    pub concurrent: Option<Growth>,
    /// The call that failed where a fresh instance returns, if one did; it is the last.
    pub failed: Option<Box<Later>>,
    /// Whether that call fails because of its arguments: with usual ones as many calls return.
    pub fails_by_argument: bool,
    /// The call that answered or wrote something else than a fresh instance does at the same time, of an export whose
    /// calls had been like those on fresh instances up to then; it is the last.
    pub changed: Option<Box<Later>>,
}

/// Handles that each call leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandleGrowth {
    /// The type of the resource: `wasi:io/poll pollable`.
    pub resource: String,
    /// The imported functions that return one and were called.
    pub imports: Vec<String>,
    /// How many there are more and more.
    pub growth: Growth,
}

/// A late call, and the same call on a fresh instance at the same time of the instance's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    /// What it did.
    pub call: Call,
    /// What the fresh instance did.
    pub twin: Call,
    /// Where the two differ.
    pub difference: Option<Difference>,
}

/// A call that did something else because another export was called before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disturbed {
    /// The other export.
    pub by: ExportName,
    /// What the call does without it, at the same time: on an instance that had the same calls of this export only.
    pub undisturbed: Call,
    /// Where the two differ.
    pub difference: Option<Difference>,
    /// What it did.
    pub call: Call,
    /// Which call of this export it was; the first is call 1.
    pub number: u32,
}

/// Two calls that were under way at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlapping {
    /// How both ended, in the order in which they were started.
    pub ends: Vec<End>,
    /// What both returned.
    pub answers: Vec<Text>,
    /// What the same two calls returned one after the other on one instance.
    pub in_turn: Vec<Text>,
    /// What the same two calls returned at the same time on an instance each.
    pub apart: Vec<Text>,
    /// Whether such an answer changes with the time or the host's random numbers.
    #[serde(default)]
    pub varies: bool,
}

/// Why something could not be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inconclusive {
    /// A word: `missing-import`, `resource-argument`, `argument`, `instantiation`, `budget`, `refused`, `crashed`,
    /// `stopped`, `tool-internal`, `not-exercised`, `lifecycle`, `scenario`, `destructor`.
    pub reason: String,
    /// What exactly.
    pub detail: String,
}

impl Inconclusive {
    /// The reason of what nobody calls but the toolchain that made it: it is left alone on purpose.
    pub const TOOL_INTERNAL: &str = "tool-internal";
    /// The reason of what no call of ours got anywhere with, where something that it asked for may be missing.
    pub const NOT_EXERCISED: &str = "not-exercised";
}

impl End {
    /// Whether the call did what it was called for: it returned, or ended the program itself.
    pub fn is_success(&self) -> bool {
        matches!(self, End::Returned | End::Exited(_))
    }
}

impl Limit {
    /// What ran out, for a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Limit::Time => "time",
            Limit::Memory => "memory",
            Limit::Table => "table elements",
            Limit::Handles => "handles",
            Limit::Output => "output",
            Limit::Copied => "data that goes in and out",
        }
    }
}

impl ReusedCall {
    /// Whether it did what its twin on a fresh instance did, but for random numbers.
    pub fn is_like(&self, twin: &Call) -> bool {
        self.by_random || self.call.is_like(twin)
    }
}

impl ObservedExport {
    /// The calls of [`Self::reused`], each with its number on the instance, from 1, and its twin on a fresh one.
    pub fn compared(&self) -> impl Iterator<Item = (u32, &ReusedCall, &Call)> {
        (1..)
            .zip(&self.reused)
            .map(|(number, it)| (number, it, it.twin.as_deref().unwrap_or(&self.fresh[it.like])))
    }

    /// The export that was called first on each instance; `None` if that did not help.
    pub fn called_first(&self) -> Option<&ExportName> {
        self.earlier.as_ref().filter(|_| self.succeeded() > 0)
    }

    /// Whether every compared call returned and did what its twin did.
    pub fn repeats(&self) -> bool {
        self.compared().all(|(_, it, twin)| it.call.end == End::Returned && it.is_like(twin))
    }

    /// How many of the fresh calls succeeded.
    pub fn succeeded(&self) -> usize {
        self.fresh.iter().filter(|call| call.end.is_success()).count()
    }

    /// An export of which nothing could be seen.
    pub fn unseen(export: ExportName, reason: &str, detail: impl Into<String>) -> Self {
        let reason = Inconclusive { reason: reason.to_owned(), detail: detail.into() };
        ObservedExport { inconclusive: Some(reason), ..ObservedExport::begun(export, false) }
    }

    /// An export of which nothing has been seen yet.
    pub fn begun(export: ExportName, takes_arguments: bool) -> Self {
        ObservedExport {
            export,
            takes_arguments,
            takes_values: takes_arguments,
            fresh: Vec::new(),
            reused: Vec::new(),
            fails_by_argument: false,
            repeated: None,
            earlier: None,
            variables: Vec::new(),
            disturbed: Vec::new(),
            overlapping: None,
            inconclusive: None,
        }
    }
}

impl Repeated {
    /// Which call of the export on its instance the last of these was.
    pub fn last(&self) -> u32 {
        self.before + self.calls
    }
}

impl Call {
    /// The arguments, cut to fit into a sentence.
    pub fn short_arguments(&self) -> String {
        let shown: String = self.arguments.chars().take(60).collect();
        let cut = shown.len() < self.arguments.len();
        format!("{shown}{}", if cut { "…" } else { "" })
    }

    /// Whether this call ended, answered and printed like the other.
    pub fn is_like(&self, other: &Call) -> bool {
        let alike = match (&self.end, &other.end) {
            (End::Trapped(_), End::Trapped(_)) => true,
            (end, other) => end == other,
        };
        alike
            && self.answer == other.answer
            && self.stdout == other.stdout
            && self.stderr == other.stderr
    }
}
