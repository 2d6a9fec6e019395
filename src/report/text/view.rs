//! How much of a report a person is shown.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::finding::Kind;
use crate::report::document::{Artifact, Document, Finding};
use crate::report::style::Style;
use crate::verdict::Severity;

/// With more findings than this in several inputs, none has an excerpt.
const BLOCKS: usize = 20;
/// With more inputs than this, those without a finding to show are counted.
const INPUTS: usize = 10;

/// How a person sees a report.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Colors, characters and width.
    pub style: Style,
    /// How much is shown.
    pub detail: Detail,
    /// The most findings that are shown; `None` for all.
    pub most: Option<usize>,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// What makes the run fail.
    Quiet,
    /// All that can hurt under the chosen hosts.
    #[default]
    Usual,
    /// Everything.
    Verbose,
}

impl From<Style> for View {
    fn from(style: Style) -> Self {
        View { style, detail: Detail::default(), most: None }
    }
}

/// What a view shows of a document.
pub(super) struct Shown<'a> {
    document: &'a Document,
    view: View,
    /// Indices of the findings that have a block, or in a long report a line in the totals.
    findings: BTreeSet<usize>,
    /// Whether inputs are counted by their answers instead of being shown one by one.
    pub(super) is_long: bool,
}

impl<'a> Shown<'a> {
    pub(super) fn of(document: &'a Document, view: View) -> Self {
        let all = document.findings.iter().enumerate();
        let mut wanted: Vec<_> = all.filter(|(_, it)| is_wanted(document, it, view)).collect();
        // The worst ones, in the order of the report.
        wanted.sort_by_key(|(_, it)| Reverse(it.severity));
        wanted.truncate(view.most.unwrap_or(usize::MAX));
        let inputs = document.artifacts.len() + document.errors.len();
        let is_long = view.detail == Detail::Usual && inputs > 1 && wanted.len() > BLOCKS;
        let findings = wanted.into_iter().map(|(index, _)| index).collect();
        Shown { document, view, findings, is_long }
    }

    /// The findings of an artifact that have a block.
    pub(super) fn blocks(&self, artifact: &Artifact) -> impl Iterator<Item = &'a Finding> {
        let indices = self.findings.iter().map(|index| &self.document.findings[*index]);
        let id = artifact.id;
        indices.filter(move |it| it.artifact == id)
    }

    /// The failures of an artifact that matter too little for a block, in order.
    pub(super) fn folded(&self, artifact: &Artifact) -> impl Iterator<Item = &'a Finding> {
        let (document, view) = (self.document, self.view);
        let problems = document.problems(artifact);
        problems.filter(move |it| view.detail == Detail::Usual && !is_wanted(document, it, view))
    }

    /// Whether an input has a part of its own in the report.
    pub(super) fn has_part(&self, artifact: &Artifact) -> bool {
        let is_short = self.document.artifacts.len() <= INPUTS;
        match self.view.detail {
            Detail::Verbose => true,
            Detail::Usual => !self.is_long && (is_short || self.blocks(artifact).next().is_some()),
            Detail::Quiet => self.blocks(artifact).next().is_some(),
        }
    }

    /// How many findings are left out because of [`View::most`].
    pub(super) fn left_out(&self) -> usize {
        let all = self.document.findings.iter();
        all.filter(|it| is_wanted(self.document, it, self.view)).count() - self.findings.len()
    }
}

fn is_wanted(document: &Document, finding: &Finding, view: View) -> bool {
    finding.kind == Kind::Fail
        && match view.detail {
            Detail::Quiet => document.fails(finding),
            Detail::Usual => {
                finding.severity > Severity::Note || finding.refuted || document.fails(finding)
            }
            Detail::Verbose => true,
        }
}
