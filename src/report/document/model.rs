//! The document, member by member as `schemas/report-v1.json` has it.

use serde::{Deserialize, Serialize};

use crate::report::document::artifact::{Artifact, Origin};
use crate::report::document::diagnostic::Diagnostic;
use crate::report::document::finding::Finding;
use crate::report::document::skipped::Skipped;
use crate::verdict::Severity;

/// The name of the format, which a reader checks together with the version.
pub const FORMAT: &str = "secondcall-report";
/// The version of the format. Within it, members are only added.
pub const VERSION: u32 = 1;

/// All that a run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The format, the program that wrote it, and the options.
    #[serde(flatten)]
    pub head: Head,
    /// The inputs that could be read.
    pub artifacts: Vec<Artifact>,
    /// In a part of a report: inputs with the same bytes and results as an artifact of an earlier part, its id and their path.
    #[serde(skip)]
    pub copies: Vec<(usize, String)>,
    /// The findings, including those that are good news.
    pub findings: Vec<Finding>,
    /// What was not examined although it was asked for.
    pub skipped: Vec<Skipped>,
    /// The inputs that could not be read.
    pub errors: Vec<Failure>,
    /// Diagnostics of the configuration and the baseline that did not stop the run.
    #[serde(default)]
    pub config: Vec<Diagnostic>,
    /// The numbers of the run.
    pub summary: Summary,
}

/// The format, the program that wrote it, and the options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The program that wrote it.
    pub tool: Tool,
    /// The options of the run.
    pub run: Options,
}

/// The program that made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `secondcall`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub(crate) fn this() -> Tool {
        Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The options of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
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

/// An input that could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its place among the inputs, read or not; no artifact has the same.
    #[serde(default)]
    pub id: usize,
    /// Its path.
    pub path: String,
    /// Where in the work it failed: `manifest`, `open`, `fetch`, `read`, `wrap` for a core module of which no component can be
    /// made, `analyze` for an input that ended or exhausted the process that analyzed it.
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
    /// The command that makes a component of it; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub command: String,
    /// The place in a manifest that names it; for a broken manifest, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl Failure {
    pub(crate) fn new(stage: &str, message: impl Into<String>) -> Self {
        Failure { stage: stage.to_owned(), message: message.into(), ..Failure::default() }
    }

    /// The message, with the command.
    pub(crate) fn with_command(&self) -> String {
        match self.command.as_str() {
            "" => self.message.clone(),
            command => format!("{}: `{command}`", self.message),
        }
    }

    /// The message, with the command and the offset.
    pub(crate) fn sentence(&self) -> String {
        let place = self.offset.map(|at| format!(" (at offset {at:#x})"));
        self.with_command() + &place.unwrap_or_default()
    }
}

/// The numbers of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are notes.
    pub notes: u64,
    /// Exports that were to be executed and could not be, to an end.
    pub inconclusive: u64,
    /// What else was not examined: components that are not on this machine, patterns that match nothing.
    #[serde(default)]
    pub skipped: u64,
    /// Findings that the user has accepted; they are not in the document.
    pub accepted: u64,
    /// Findings in the baseline; they are not in the document.
    #[serde(default)]
    pub known: u64,
    /// Inputs that could not be read.
    pub unread: u64,
    /// The program's exit code.
    pub exit_code: u8,
}

impl Summary {
    /// The sums of both; the exit code stays.
    pub(in crate::report) fn with(&self, other: &Summary) -> Summary {
        Summary {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            notes: self.notes + other.notes,
            inconclusive: self.inconclusive + other.inconclusive,
            skipped: self.skipped + other.skipped,
            accepted: self.accepted + other.accepted,
            known: self.known + other.known,
            unread: self.unread + other.unread,
            exit_code: self.exit_code,
        }
    }
}
