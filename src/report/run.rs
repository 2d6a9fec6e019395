//! All that one run of the program has to tell, in the one shape that every format takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::diagnostic::Diagnostic;
use crate::digest::sha256;
use crate::finding::Kind;
use crate::location::{ExportName, Location, SourceLine};
use crate::observation::{Call, End, Inconclusive, ObservedExport};
use crate::report::given::Given;
use crate::report::{Judged, Report};
use crate::verdict::Severity;

/// One run: what was asked, and what was found in each input.
#[derive(Debug, Default)]
pub struct Run {
    /// Ids of the hosts chosen, for all artifacts together.
    pub hosts: Vec<String>,
    /// Whether nothing was to be executed.
    pub static_only: bool,
    /// How many calls an export gets when it is executed.
    pub calls: u32,
    /// The seed of the arguments and of the host's random numbers.
    pub seed: u64,
    /// The inputs, in the order in which they are told.
    pub artifacts: Vec<Artifact>,
    /// What could not be examined although it was asked for.
    pub skipped: Vec<Skipped>,
    /// How many findings the user has accepted; they are in no report.
    pub accepted: u64,
    /// How many findings the baseline knows; they are in no report.
    pub known: u64,
    /// What is wrong with what the user wrote: acceptances and entries of a baseline that match nothing.
    pub config: Vec<Diagnostic>,
    /// Whether what is wrong with the configuration makes the run fail.
    pub strict: bool,
    /// The least severity that makes the run fail; `None`: none does.
    pub fail_on: Option<Severity>,
    /// The program's exit code.
    pub exit_code: u8,
}

/// One input.
#[derive(Debug)]
pub struct Artifact {
    /// Its path as the user would write it, relative, with `/`.
    pub path: String,
    /// The manifest that names it, if it was found through one; for a manifest that is broken, the
    /// place where it is.
    pub origin: Option<Origin>,
    /// The hosts it was judged for, where its manifest or its configuration has others than the run's;
    /// else empty.
    pub hosts: Vec<ImpliedHost>,
    /// The binary: the file itself, or what a text file encodes to.
    pub bytes: Vec<u8>,
    /// What calls were made of which exports; empty when nothing was executed.
    pub observed: Vec<ObservedCalls>,
    /// Imports that were filled with functions that do nothing.
    pub made_up_imports: Vec<String>,
    /// What its author gave for its calls; `None` if nothing, or if nothing was executed.
    pub given: Option<Given>,
    /// The lines that its places were made from, as far as they are known.
    pub sources: Sources,
    /// What is told of it.
    pub result: Result<Report, Failure>,
}

/// The lines that places were made from.
pub type Sources = BTreeMap<Location, Source>;

/// A line, and whether whoever reads the report can open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The line. Where the text is present, its path is as the user would write it; else as whoever made
    /// the binary wrote it down.
    pub line: SourceLine,
    /// Whether the text is in the project and not newer than the binary, so that the line is the one meant.
    pub present: bool,
}

/// A place in a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The manifest's path, relative, with `/`.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// The entry, in the manifest's words: `[component.api] source`; empty for a place that is none.
    pub entry: String,
    /// The line itself.
    pub text: String,
    /// How many characters of it are meant.
    pub length: u32,
}

/// A host that a manifest implies, or that was chosen for one artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpliedHost {
    /// Its id.
    pub id: String,
    /// What the manifest sets there, by the host's own names: `maxInvocations`.
    pub settings: Vec<(String, i64)>,
}

/// Why an input could not be reported on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// Where in the work it failed: `manifest`, `open`, `read`.
    pub stage: String,
    /// The byte of the file at which it failed.
    pub offset: Option<u64>,
    /// For a text, the line and the column at which it failed, from 1.
    pub position: Option<(u32, u32)>,
    /// The line of the text at that position; else empty.
    pub text: String,
    /// One sentence.
    pub message: String,
}

/// The calls of one export on one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedCalls {
    /// The export.
    pub export: ExportName,
    /// What each call did, and which it was; the first is call 1. Between two of them, calls may have been
    /// made of which there is nothing to tell.
    pub outcomes: Vec<(u32, Outcome)>,
    /// The calls on fresh instances.
    pub fresh: FreshCalls,
    /// Another export that was called first on each instance, because it is needed.
    pub earlier: Option<ExportName>,
    /// Variables that each instance found in its environment, because they are needed: `PWD=/`.
    pub variables: Vec<String>,
}

/// How calls of one export with different arguments ended, each on an instance of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshCalls {
    /// How many were made.
    pub calls: u32,
    /// How many of them returned, or left through `wasi:cli/exit`.
    pub succeeded: u32,
}

/// What a call did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It returned as on a fresh instance.
    Ok,
    /// It returned, but not what it returns on a fresh instance.
    Differs,
    /// It trapped.
    Trap {
        /// The runtime's words.
        trap: String,
    },
    /// It ended the instance.
    Exit {
        /// The status.
        status: i32,
    },
    /// It is an HTTP handler and gave no answer.
    Unanswered,
    /// It was never let in, by the component's own backpressure.
    HeldBack,
    /// It used up its budget.
    Exhausted,
}

impl From<&ObservedExport> for ObservedCalls {
    /// The calls on the reused instance; the first fresh one where none was made.
    fn from(seen: &ObservedExport) -> Self {
        let compared = seen.compared();
        let mut outcomes: Vec<_> = compared
            .map(|(number, it, fresh)| (number, outcome(&it.call, it.is_like(fresh))))
            .collect();
        if outcomes.is_empty() {
            outcomes.extend(seen.fresh.first().map(|call| (1, outcome(call, true))));
        }
        if let Some(repeated) = &seen.repeated
            && let Some(failed) = &repeated.failed
        {
            let number = repeated.last();
            outcomes.push((number, outcome(&failed.call, true)));
        }
        let fresh =
            FreshCalls { calls: seen.fresh.len() as u32, succeeded: seen.succeeded() as u32 };
        let earlier = seen.called_first().cloned();
        let (export, variables) = (seen.export.clone(), seen.variables.clone());
        ObservedCalls { export, outcomes, fresh, earlier, variables }
    }
}

/// What a call did, and whether that is like the same call on a fresh instance.
fn outcome(call: &Call, is_like_fresh: bool) -> Outcome {
    match &call.end {
        End::Trapped(trap) => Outcome::Trap { trap: trap.message.clone() },
        End::Exited(status) => Outcome::Exit { status: *status },
        End::Unanswered => Outcome::Unanswered,
        End::HeldBack => Outcome::HeldBack,
        End::Exhausted(_) => Outcome::Exhausted,
        End::Returned if !is_like_fresh => Outcome::Differs,
        End::Returned => Outcome::Ok,
    }
}

/// Something that could not be examined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The input, as an index into [`Run::artifacts`]; `None` for a path that was not taken as one.
    pub artifact: Option<usize>,
    /// The path, for what is not an artifact.
    pub path: Option<String>,
    /// The export; `None` for all of it.
    pub export: Option<ExportName>,
    /// A word: `missing-import`, `resource-argument`, `budget`, `not-local`.
    pub reason: String,
    /// What exactly.
    pub detail: String,
}

impl Skipped {
    /// Whether something was tried and could not be.
    pub fn is_inconclusive(&self) -> bool {
        self.export.is_some() && self.reason != Inconclusive::TOOL_INTERNAL
    }
}

/// The numbers of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are notes.
    pub notes: u64,
    /// Exports that were to be executed and could not be, to an end.
    pub inconclusive: u64,
    /// Inputs that could not be read.
    pub unread: u64,
}

impl Run {
    /// The numbers of this run.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for artifact in &self.artifacts {
            summary.unread += u64::from(artifact.result.is_err());
            for judged in artifact.findings() {
                match judged.severity {
                    Severity::Error => summary.errors += 1,
                    Severity::Warning => summary.warnings += 1,
                    Severity::Note => summary.notes += 1,
                }
            }
        }
        summary.inconclusive = self.skipped.iter().filter(|it| it.is_inconclusive()).count() as u64;
        summary
    }
}

impl Artifact {
    /// An input of which no more is known than what it holds, and what is told of it.
    pub fn new(path: String, bytes: Vec<u8>, result: Result<Report, Failure>) -> Self {
        let (hosts, observed, made_up_imports) = Default::default();
        let (origin, given, sources) = (None, None, Sources::new());
        Artifact { path, origin, hosts, bytes, observed, made_up_imports, given, sources, result }
    }

    /// What is wrong with it, in the order in which it is told; without the good news.
    pub fn findings(&self) -> impl Iterator<Item = &Judged> {
        let all = self.result.iter().flat_map(|report| &report.findings);
        all.filter(|judged| judged.finding.kind == Kind::Fail)
    }

    /// What the calls of an export did, if it was called.
    pub fn observed(&self, export: &ExportName) -> Option<&ObservedCalls> {
        self.observed.iter().find(|calls| calls.export == *export)
    }

    /// SHA-256 of the binary, in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(&self.bytes)
    }
}
