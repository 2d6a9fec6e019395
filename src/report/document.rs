//! A run as a document, member by member as `schemas/report-v1.json` has it. Every format tells a
//! document, so a report that was saved is told as one that was just made.

mod artifact;
mod diagnostic;
mod finding;
mod place;
mod query;
mod read;

use serde::{Deserialize, Serialize};

use crate::report::run::{self, Run};
use crate::verdict::Severity;

pub use self::artifact::{
    AdapterItem, Artifact, Call, Export, ImpliedHost, Matched, Origin, Releases,
};
pub use self::diagnostic::Diagnostic;
pub use self::finding::{Finding, FindingPlace, Hosts, Role};
pub use self::place::{Place, Source};
pub use self::query::Input;
pub use self::read::Unreadable;

/// The name of the format, which a reader checks together with the version.
pub const FORMAT: &str = "secondcall-report";
/// The version of the format. Within it, members are only added.
pub const VERSION: u32 = 1;

/// A run, told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What the document is, and what wrote it.
    #[serde(flatten)]
    pub head: Head,
    /// The inputs that could be read.
    pub artifacts: Vec<Artifact>,
    /// What was found in them, good news included.
    pub findings: Vec<Finding>,
    /// What could not be examined although it was asked for.
    pub skipped: Vec<Skipped>,
    /// The inputs that could not be read.
    pub errors: Vec<Failure>,
    /// What is wrong with the configuration and the baseline, and does not keep the run from its work.
    #[serde(default)]
    pub config: Vec<Diagnostic>,
    /// The numbers of the run.
    pub summary: Summary,
}

/// What a document is, what wrote it, and what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// What wrote it.
    pub tool: Tool,
    /// What was asked for.
    pub run: Settings,
}

/// The program that made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `secondcall`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Ids of the hosts chosen.
    pub hosts: Vec<String>,
    /// The seed of arguments and random numbers, in hexadecimal with `0x`.
    pub seed: String,
    /// How many calls an export gets when it is executed.
    pub calls: u32,
    /// Whether nothing was to be executed.
    pub static_only: bool,
    /// The least severity that makes the run fail; `None`: none does.
    #[serde(default)]
    pub fail_on: Option<Severity>,
    /// Whether what is wrong with the configuration makes the run fail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
}

/// Something that could not be examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The input, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<usize>,
    /// The path, for what is not an artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The export; `None` for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<String>,
    /// A word: `missing-import`.
    pub reason: String,
    /// What exactly.
    pub detail: String,
}

/// An input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its place among the inputs, read or not; no artifact has the same.
    #[serde(default)]
    pub id: usize,
    /// Its path.
    pub path: String,
    /// Where in the work it failed.
    pub stage: String,
    /// The byte of the file at which it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The line of a text at which it failed, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column of that line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// That line; empty in a document that was read back.
    #[serde(skip)]
    pub text: String,
    /// One sentence.
    pub message: String,
    /// The place in a manifest that names it; for a broken manifest, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// The numbers of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are notes.
    pub notes: u64,
    /// Exports that were to be executed and could not be, to an end.
    pub inconclusive: u64,
    /// Findings that the user has accepted; they are not in the document.
    pub accepted: u64,
    /// Findings that the baseline knows; they are not in the document.
    #[serde(default)]
    pub known: u64,
    /// Inputs that could not be read.
    pub unread: u64,
    /// The program's exit code.
    pub exit_code: u8,
}

impl Document {
    /// All that `run` has to tell.
    pub fn of(run: &Run) -> Document {
        let summary = run.summary();
        let mut document = Document {
            head: Head {
                format: FORMAT.to_owned(),
                version: VERSION,
                tool: Tool {
                    name: env!("CARGO_PKG_NAME").to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                },
                run: Settings {
                    hosts: run.hosts.clone(),
                    seed: format!("{:#x}", run.seed),
                    calls: run.calls,
                    static_only: run.static_only,
                    fail_on: run.fail_on,
                    strict: run.strict,
                },
            },
            artifacts: Vec::new(),
            findings: Vec::new(),
            skipped: run.skipped.iter().map(Skipped::of).collect(),
            errors: Vec::new(),
            config: run.config.iter().map(Diagnostic::of).collect(),
            summary: Summary {
                errors: summary.errors,
                warnings: summary.warnings,
                notes: summary.notes,
                inconclusive: summary.inconclusive,
                accepted: run.accepted,
                known: run.known,
                unread: summary.unread,
                exit_code: run.exit_code,
            },
        };
        for (id, artifact) in run.artifacts.iter().enumerate() {
            match &artifact.result {
                Ok(report) => {
                    document.artifacts.push(Artifact::of(id, artifact, report));
                    let findings = report.findings.iter();
                    let findings = findings.map(|it| Finding::of(id, it, &artifact.sources));
                    document.findings.extend(findings);
                }
                Err(failure) => document.errors.push(Failure {
                    id,
                    path: artifact.path.clone(),
                    origin: artifact.origin.as_ref().map(Origin::of),
                    stage: failure.stage.clone(),
                    offset: failure.offset,
                    line: failure.position.map(|(line, _)| line),
                    column: failure.position.map(|(_, column)| column),
                    text: failure.text.clone(),
                    message: failure.message.clone(),
                }),
            }
        }
        document
    }
}

impl Skipped {
    fn of(skipped: &run::Skipped) -> Self {
        Skipped {
            artifact: skipped.artifact,
            path: skipped.path.clone(),
            export: skipped.export.as_ref().map(|export| export.to_string()),
            reason: skipped.reason.clone(),
            detail: skipped.detail.clone(),
        }
    }
}
