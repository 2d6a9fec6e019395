//! What was not examined although it was asked for: an export, a component of a manifest, a pattern without a match.

use serde::{Deserialize, Serialize};

use crate::location::ExportName;
use crate::observation::Inconclusive;
use crate::report::document::artifact::Origin;

/// Something that was not examined although it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The input, by its id; `None` for what is no input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<usize>,
    /// The path, for what is not an artifact; `None` for an option or a variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The export; `None` for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportName>,
    /// A word: `missing-import`, `resource-argument`, `budget`, `analysis-budget`, `not-local`, `not-called`, `no-match`,
    /// `unchanged`.
    pub reason: String,
    /// One sentence.
    pub detail: String,
    /// The place in a file that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl Skipped {
    /// The reason of an input that was left out because it did not change.
    pub(crate) const UNCHANGED: &'static str = "unchanged";
    /// The reason of a component of which the chosen hosts call nothing.
    pub(crate) const NOT_CALLED: &'static str = "not-called";

    /// The name of the export.
    pub fn export(&self) -> Option<&str> {
        self.export.as_ref().map(ExportName::as_str)
    }

    /// `spin.toml:7` or the path alone; `None` for an artifact, an option or a variable.
    pub fn place(&self) -> Option<String> {
        let line = self.origin.as_ref().map(|it| format!("{}:{}", it.path, it.line));
        line.or_else(|| self.path.clone())
    }

    /// Whether anyone misses a result. Nobody calls an export that is internal to a toolchain, and inputs that did not
    /// change are left out on request.
    pub fn is_missed(&self) -> bool {
        self.reason != Inconclusive::TOOL_INTERNAL && !self.is_unchanged()
    }

    /// Whether it was left out because it did not change.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.reason == Skipped::UNCHANGED
    }

    /// Whether the execution of an export was tried and did not come to a result.
    pub fn is_inconclusive(&self) -> bool {
        self.export.is_some() && self.is_missed()
    }
}

/// Entries of a document that are reported together.
#[derive(Debug, Clone, Copy)]
pub struct Skips<'a> {
    /// The first one.
    pub first: &'a Skipped,
    /// The path of the artifact, or the one that is no artifact.
    pub path: Option<&'a str>,
    /// Number of exports or inputs after the first.
    more: usize,
}

impl<'a> Skips<'a> {
    /// Groups consecutive exports of one component for which the reason is the same, unchanged inputs, and components
    /// that the same hosts do not call.
    pub(in crate::report) fn of(
        all: &'a [Skipped],
        path: impl Fn(&'a Skipped) -> Option<&'a str>,
    ) -> impl Iterator<Item = Skips<'a>> {
        let alike = |one: &Skipped, other: &Skipped| {
            let folds = one.reason == Inconclusive::NOT_EXERCISED || one.detail == other.detail;
            let of_exports = one.export.is_some() && other.export.is_some();
            let of_one =
                one.artifact == other.artifact && (of_exports && folds || one.is_unchanged());
            let is_uncalled = one.reason == Skipped::NOT_CALLED && one.detail == other.detail;
            one.reason == other.reason && (of_one || is_uncalled)
        };
        all.chunk_by(alike).filter_map(move |alike| {
            let first = alike.first()?;
            Some(Skips { first, path: path(first), more: alike.len() - 1 })
        })
    }

    /// `wasi:cli/run#run and 2 more exports: budget: …`
    pub fn sentence(&self) -> String {
        let Skipped { reason, detail, .. } = self.first;
        let export = self.first.export().map(|export| match self.more {
            0 => format!("{export}: "),
            1 => format!("{export} and 1 more export: "),
            more => format!("{export} and {more} more exports: "),
        });
        let inputs = match self.more {
            1 if export.is_none() => " (and 1 more component)".to_owned(),
            more if more > 0 && export.is_none() => format!(" (and {more} more components)"),
            _ => String::new(),
        };
        format!("{}{reason}: {detail}{inputs}", export.unwrap_or_default())
    }

    /// `spin.toml:7` or the path alone; `None` for an option or a variable.
    pub fn place(&self) -> Option<String> {
        self.first.place().or_else(|| self.path.map(str::to_owned))
    }
}
