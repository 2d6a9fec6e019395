//! What may be missing if no first call of an export succeeds.

use std::collections::BTreeSet;
use std::fmt;

use super::{Call, End, Observation, ObservedExport};
use crate::location::ExportName;

/// Messages of the engine for violations of the canonical ABI, which do not depend on arguments and imports
/// (wasmtime 48: `crates/environ/src/trap_encoding.rs`, `runtime/component/resources`).
const ALWAYS: [&str; 4] = [
    "cannot leave component instance",
    "cannot enter component instance",
    "borrow handles still remain at the end of the call",
    "realloc return: ",
];
/// The message on standard error of a preview1 adapter that was called before it was initialized.
const ADAPTER: &str = "unreachable executed at adapter line";

/// What Rust reads before it prints a panic, to decide whether to print a backtrace.
const AT_PANIC: &str = "environment-at-panic";

impl Call {
    /// Whether it asked for something that the host does not have.
    pub(crate) fn was_refused(&self) -> bool {
        self.host_calls.refused.iter().any(|it| it != AT_PANIC)
    }

    /// Whether it failed in a way that depends neither on its arguments nor on its imports.
    pub(crate) fn fails_always(&self) -> bool {
        let End::Trapped(trap) = &self.end else { return false };
        ALWAYS.iter().any(|words| trap.message.contains(words))
            || self.stderr.shown.contains(ADAPTER)
    }

    /// Whether it trapped, or got no answer.
    pub(crate) fn fails(&self) -> bool {
        matches!(self.end, End::Trapped(_) | End::Unanswered)
    }
}

impl ObservedExport {
    /// Whether the export was called, and no first call succeeded.
    pub(crate) fn never_succeeds(&self) -> bool {
        !self.fresh.is_empty() && self.fresh.iter().all(Call::fails)
    }

    /// The same, if an exit with a status other than 0 is a failure as well.
    pub(crate) fn gets_nowhere(&self) -> bool {
        let leaves = |call: &Call| matches!(call.end, End::Exited(status) if status != 0);
        !self.fresh.is_empty() && self.fresh.iter().all(|call| call.fails() || leaves(call))
    }

    /// What may be missing if no first call succeeded; empty if the component itself is the cause. `seen` has all exports.
    pub(crate) fn missing(&self, seen: &Observation) -> Vec<Missing> {
        if !self.gets_nowhere() || self.fresh.iter().all(Call::fails_always) {
            return Vec::new();
        }
        if let Some(earlier) = &self.earlier {
            return vec![Missing::Earlier(Some(earlier.clone()))];
        }
        let mut missing = BTreeSet::new();
        if self.takes_values {
            missing.insert(Missing::OtherArguments);
        }
        let refused = self.fresh.iter().flat_map(|call| &call.host_calls.refused);
        missing.extend(refused.filter(|it| *it != AT_PANIC).map(|it| Missing::of(it)));
        // An export that takes arguments may prepare the component, with other arguments than the generated ones.
        let prepares = |other: &&ObservedExport| {
            other.export != self.export && other.takes_values && !other.fresh.is_empty()
        };
        if missing.is_empty() && seen.exports.iter().any(|other| prepares(&other)) {
            missing.insert(Missing::Earlier(None));
        }
        missing.into_iter().collect()
    }
}

/// What a call may need and did not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Missing {
    /// Other arguments than the generated ones.
    OtherArguments,
    /// Command-line arguments.
    CommandLine,
    /// Variables of the environment.
    Environment,
    /// Standard input.
    StandardInput,
    /// A file in the preopened directory.
    File,
    /// The network.
    Network,
    /// Another answer of this stubbed import: `ns:pkg/iface@v#func`.
    Answer(String),
    /// An earlier call of this export, or of an unknown one.
    Earlier(Option<ExportName>),
}

impl Missing {
    /// The meaning of a word in [`super::HostCalls::refused`].
    fn of(word: &str) -> Self {
        match word {
            "arguments" => Missing::CommandLine,
            "environment" => Missing::Environment,
            "stdin" => Missing::StandardInput,
            "files" => Missing::File,
            "network" => Missing::Network,
            import => Missing::Answer(import.strip_prefix("import ").unwrap_or(import).to_owned()),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Missing::OtherArguments => f.write_str("other arguments"),
            Missing::CommandLine => f.write_str("command-line arguments"),
            Missing::Environment => f.write_str("environment variables"),
            Missing::StandardInput => f.write_str("standard input"),
            Missing::File => f.write_str("a file"),
            Missing::Network => f.write_str("the network"),
            Missing::Answer(import) => write!(f, "an answer of `{import}`"),
            Missing::Earlier(Some(export)) => write!(f, "an earlier call of `{export}`"),
            Missing::Earlier(None) => f.write_str("an earlier call of another export"),
        }
    }
}
