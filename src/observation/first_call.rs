//! What may be missing where no first call of an export succeeds.

use super::Call;
use super::End;
use super::Observation;
use super::ObservedExport;

/// What the engine says where a component breaks the canonical ABI, whatever its arguments and its imports are
/// (wasmtime 48: `crates/environ/src/trap_encoding.rs`, `runtime/component/resources`).
const ALWAYS: [&str; 4] = [
    "cannot leave component instance",
    "cannot enter component instance",
    "borrow handles still remain at the end of the call",
    "realloc return: ",
];
/// How the preview1 adapter says that it was called before it was made ready, on standard error.
const ADAPTER: &str = "unreachable executed at adapter line";

/// The word for what Rust asks before it prints a panic: whether to print a backtrace.
const AT_PANIC: &str = "environment-at-panic";

impl Call {
    /// Whether it asked for anything that only a real host has.
    pub fn was_refused(&self) -> bool {
        self.host_calls.refused.iter().any(|it| it != AT_PANIC)
    }

    /// Whether it failed in a way for which neither its arguments nor its imports can be to blame.
    pub fn fails_always(&self) -> bool {
        let End::Trapped(trap) = &self.end else { return false };
        ALWAYS.iter().any(|words| trap.message.contains(words))
            || self.stderr.shown.contains(ADAPTER)
    }

    /// Whether it trapped, or got no answer.
    pub fn fails(&self) -> bool {
        matches!(self.end, End::Trapped(_) | End::Unanswered)
    }
}

impl ObservedExport {
    /// Whether the export was called, and no first call succeeded.
    pub fn never_succeeds(&self) -> bool {
        !self.fresh.is_empty() && self.fresh.iter().all(Call::fails)
    }

    /// The same, where a call that leaves with a status other than 0 does not succeed either.
    fn gets_nowhere(&self) -> bool {
        let leaves = |call: &Call| matches!(call.end, End::Exited(status) if status != 0);
        !self.fresh.is_empty() && self.fresh.iter().all(|call| call.fails() || leaves(call))
    }

    /// What may have been missing where no first call succeeded, in words; nothing where the component itself is to
    /// blame. `seen` is what was seen of all exports.
    pub fn missing(&self, seen: &Observation) -> Vec<String> {
        if !self.gets_nowhere() || self.fresh.iter().all(Call::fails_always) {
            return Vec::new();
        }
        if let Some(earlier) = &self.earlier {
            return vec![format!("an earlier call of `{earlier}`")];
        }
        let mut missing = Vec::new();
        if self.takes_values {
            missing.push("other arguments".to_owned());
        }
        let refused = self.fresh.iter().flat_map(|call| &call.host_calls.refused);
        let mut refused: Vec<_> =
            refused.filter(|it| *it != AT_PANIC).map(|it| asked_for(it)).collect();
        refused.sort();
        refused.dedup();
        missing.extend(refused);
        // One that takes arguments may prepare the component, with others than those that were made up.
        let prepares = |other: &&ObservedExport| {
            other.export != self.export && other.takes_values && !other.fresh.is_empty()
        };
        if missing.is_empty() && seen.exports.iter().any(|other| prepares(&other)) {
            missing.push("an earlier call of another export".to_owned());
        }
        missing
    }
}

/// What a word of [`super::HostCalls::refused`] stands for, for a sentence.
fn asked_for(word: &str) -> String {
    match word {
        "arguments" => "command-line arguments".to_owned(),
        "environment" => "environment variables".to_owned(),
        "stdin" => "standard input".to_owned(),
        "files" => "a file".to_owned(),
        "network" => "the network".to_owned(),
        import => match import.strip_prefix("import ") {
            Some(name) => format!("an answer of `{name}`"),
            None => import.to_owned(),
        },
    }
}
