//! What calls of a component's exports did, as plain values. Written by the execution check, read by rules. Judges nothing,
//! and knows neither an engine nor a rule.

pub mod cause;
pub(crate) mod comparison;
mod failure;
mod difference;
mod end;
pub(crate) mod first_call;
pub mod growth;
mod inconclusive;
pub mod overlap;
pub(crate) mod words;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use cause::Cause;
pub use difference::Difference;
pub use end::{End, Frame, Limit, Text, Trap};
use growth::Growth;
pub use inconclusive::Inconclusive;
use overlap::Overlapping;

use crate::location::ExportName;

/// What was observed of one component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The exports that were asked for, in that order.
    pub exports: Vec<ObservedExport>,
    /// Imported functions that were stubbed: `ns:pkg/iface#func`.
    pub stubbed: Vec<String>,
    /// Why the system did not filter the system calls of the process that made the calls; `None` if it did.
    #[serde(default)]
    pub unfiltered: Option<String>,
    /// The most linear memory of an instance, in bytes.
    pub memory_limit: u64,
    /// Whether it ended after every export was called by itself, before all that follows.
    #[serde(default)]
    pub unfinished: bool,
    /// What instantiation did, if it fails: a start function traps, for example. Then no export was called.
    pub unstartable: Option<Box<Call>>,
}

impl Observation {
    /// The exports by name.
    pub(crate) fn by_name(&self) -> FxHashMap<&ExportName, &ObservedExport> {
        self.exports.iter().rev().map(|export| (&export.export, export)).collect()
    }
}

/// What was observed of one export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedExport {
    /// The export.
    pub export: ExportName,
    /// Whether the export takes arguments. What it does may depend on generated ones.
    pub takes_arguments: bool,
    /// Whether an argument holds more than handles, so that a value may be the cause of a failure.
    pub takes_values: bool,
    /// Calls on a fresh instance each, with which those of [`Self::reused`] are compared.
    pub fresh: Vec<Call>,
    /// The calls that succeed on a fresh instance, made in order on one instance, until one fails.
    pub reused: Vec<ReusedCall>,
    /// Whether the failure in [`Self::reused`] depends on its arguments: as many calls with usual arguments return.
    pub fails_by_argument: bool,
    /// The calls that return, repeated on the instance of [`Self::reused`].
    pub repeated: Option<Repeated>,
    /// Another export that has to be called first: after it the first call returns, and without it this call fails. If the
    /// calls above succeeded, it was called first on each of their instances.
    pub earlier: Option<ExportName>,
    /// Environment variables that were added, because the first call fails without them: `PWD=/`.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Calls that did something else because another export was called before.
    pub disturbed: Vec<Disturbed>,
    /// Why calls differ from their reference calls, of those that do.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// Calls that overlap with others on one instance, if the export is async.
    #[serde(default)]
    pub overlapping: Option<Overlapping>,
    /// Why it could not be observed completely.
    pub inconclusive: Option<Inconclusive>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The arguments as text, cut.
    pub arguments: String,
    /// The size of the arguments in bytes: of texts and lists that of their contents, of anything else eight.
    pub argument_bytes: u64,
    /// The scenario of which the call is a step, if it is one.
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
    /// The functions of the host that it called.
    pub host_calls: HostCalls,
    /// What the instance held after it.
    pub holds: Holds,
    /// How many operators it executed: the engine's fuel.
    pub fuel: u64,
}

/// A step of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// Where the scenario was defined: `secondcall.toml:12` or `--call`.
    pub scenario: String,
    /// Which of its calls this is, from 1.
    pub step: u32,
}

/// A call on an instance that was called before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReusedCall {
    /// The index in [`ObservedExport::fresh`] of the call with the same arguments.
    pub like: usize,
    /// The call.
    pub call: Call,
    /// The same call on a fresh instance, if it was made again because the one in [`ObservedExport::fresh`] began at
    /// another time of the instance's clock.
    pub twin: Option<Box<Call>>,
    /// Where its answer, or else its output, differs from that of the fresh instance.
    pub difference: Option<Difference>,
    /// Whether it differs only in what depends on random numbers.
    #[serde(default)]
    pub by_random: bool,
}

/// The call path of something that happens in several calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallPath {
    /// The frames, innermost first.
    pub frames: Vec<Frame>,
    /// In how many of the calls that were looked at it was this one.
    pub seen: u32,
    /// How many were looked at.
    pub of: u32,
}

/// The functions of the host that a call called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCalls {
    /// The first of them, in order; those of WASI without their package: `stdout#get-stdout`.
    pub first: Vec<String>,
    /// How many calls there were.
    pub count: u64,
    /// What the call asked for that the host does not have: `arguments`, `environment`, `environment-at-panic` (read just
    /// before a panic's message, as Rust does to find `RUST_BACKTRACE`), `stdin`, `files`, `network`, and
    /// `import ns:pkg/iface@v#func` for the first stubbed functions. Includes what instantiation asked for, and excludes
    /// what the user provides.
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
    /// Handles of the host's resources.
    pub handles: u64,
    /// Tasks, subtasks, waitable sets, streams and futures that the engine keeps for it.
    pub concurrent: u64,
}

/// Repeated calls, with each shape of arguments in turn with which a fresh instance returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeated {
    /// How many calls were made on the instance before.
    pub before: u32,
    /// How many calls these are: those that returned, and the one in [`Self::failed`].
    pub calls: u32,
    /// What the instance held before these calls.
    pub first: Holds,
    /// What it held after the last one that returned.
    pub last: Holds,
    /// Bytes of linear memory that each call leaks.
    pub memory: Option<Growth>,
    /// Where calls ask for that memory.
    #[serde(default)]
    pub grown_by: Option<CallPath>,
    /// Handles of the host's resources that each call leaks, by type.
    pub handles: Vec<HandleGrowth>,
    /// Tasks, subtasks, waitable sets, streams and futures that each call leaks.
    pub concurrent: Option<Growth>,
    /// Where calls ask for these.
    #[serde(default)]
    pub concurrent_by: Option<CallPath>,
    /// The last call, if it failed and a fresh instance returns.
    pub failed: Option<Box<Later>>,
    /// Whether that failure depends on its arguments: as many calls with usual arguments return.
    pub fails_by_argument: bool,
    /// The last call, if it answered or wrote something else than a fresh instance, and all calls before matched.
    pub changed: Option<Box<Later>>,
}

/// Handles that calls leak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandleGrowth {
    /// The type of the resource: `wasi:io/poll pollable`.
    pub resource: String,
    /// The imported functions that return one and were called.
    pub imports: Vec<String>,
    /// How their number grows.
    pub growth: Growth,
    /// Where calls take those that stay.
    #[serde(default)]
    pub taken_by: Option<CallPath>,
}

/// A repeated call, and the same call on a fresh instance at the same time of the instance's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    /// The call.
    pub call: Call,
    /// The call on the fresh instance.
    pub twin: Call,
    /// Where the two differ.
    pub difference: Option<Difference>,
}

/// A call that did something else because another export was called before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disturbed {
    /// The other export.
    pub by: ExportName,
    /// The call without it, at the same time: on an instance on which only this export was called.
    pub undisturbed: Call,
    /// Where the two differ.
    pub difference: Option<Difference>,
    /// The call.
    pub call: Call,
    /// Which call of this export on its instance it was, from 1.
    pub number: u32,
}

impl ReusedCall {
    /// Whether it matches a call on a fresh instance, apart from random numbers.
    pub(crate) fn is_like(&self, twin: &Call) -> bool {
        self.by_random || self.call.is_like(twin)
    }
}

impl ObservedExport {
    /// The calls of [`Self::reused`], each with its number on the instance, from 1, and the same call on a fresh one.
    pub(crate) fn compared(&self) -> impl Iterator<Item = (u32, &ReusedCall, &Call)> {
        (1..)
            .zip(&self.reused)
            .map(|(number, it)| (number, it, it.twin.as_deref().unwrap_or(&self.fresh[it.like])))
    }

    /// The export that was called first on each instance, if that helped.
    pub(crate) fn called_first(&self) -> Option<&ExportName> {
        self.earlier.as_ref().filter(|_| self.succeeded() > 0)
    }

    /// Whether every compared call returned and matched a fresh instance.
    pub(crate) fn repeats(&self) -> bool {
        self.compared().all(|(_, it, twin)| it.call.end == End::Returned && it.is_like(twin))
    }

    /// How many of the fresh calls succeeded.
    pub(crate) fn succeeded(&self) -> usize {
        self.fresh.iter().filter(|call| call.end.is_success()).count()
    }

    /// An export of which nothing could be observed.
    pub(crate) fn unseen(export: ExportName, reason: &str, detail: impl Into<String>) -> Self {
        let why = Inconclusive::new(reason, detail);
        ObservedExport { inconclusive: Some(why), ..ObservedExport::begun(export, false) }
    }

    /// An export of which nothing has been observed yet.
    pub(crate) fn begun(export: ExportName, takes_arguments: bool) -> Self {
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
            causes: Vec::new(),
            overlapping: None,
            inconclusive: None,
        }
    }
}

impl Repeated {
    /// The number of the last of these calls on its instance.
    pub(crate) fn last(&self) -> u32 {
        self.before + self.calls
    }

    /// The number of the last call on its instance that returned.
    pub(crate) fn last_returned(&self) -> u32 {
        self.last() - u32::from(self.failed.is_some())
    }
}

impl Call {
    /// The beginning of a sentence about this call of `export`, the `number`th on its instance. Calls of a scenario are
    /// counted in runs of the scenario.
    pub(crate) fn on_same_instance(&self, export: &ExportName, number: u32) -> String {
        match &self.played {
            None => format!("call {number} of `{export}` on the same instance"),
            Some(Played { scenario, step }) => format!(
                "in run {number} of the scenario `{scenario}` on the same instance, `{export}` (step {step})"
            ),
        }
    }

    /// The arguments, cut to fit in a sentence.
    pub(crate) fn short_arguments(&self) -> String {
        let shown: String = self.arguments.chars().take(60).collect();
        let cut = shown.len() < self.arguments.len();
        format!("{shown}{}", if cut { "…" } else { "" })
    }

    /// Whether this call ended, answered and wrote like the other.
    pub(crate) fn is_like(&self, other: &Call) -> bool {
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

#[cfg(test)]
impl Call {
    /// A call without arguments that ended like this and did nothing else.
    pub(crate) fn ended(end: End) -> Call {
        Call {
            arguments: String::new(),
            argument_bytes: 0,
            played: None,
            end,
            answer: Text::default(),
            stdout: Text::default(),
            stderr: Text::default(),
            host_calls: HostCalls::default(),
            holds: Holds::default(),
            fuel: 0,
        }
    }
}
