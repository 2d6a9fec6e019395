//! Which lines speak of which artifact, and of which finding in it.

use std::path::PathBuf;

use gen_lsp_types::Range;

use crate::report::document::{Artifact, Document, Finding};

/// A line that speaks of an artifact: the manifest's that names it, or one with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) path: PathBuf,
    pub(super) range: Range,
    /// By its id.
    pub(super) artifact: usize,
    /// The finding that stands there; `None` for the line that stands for all of the artifact.
    pub(super) finding: Option<String>,
    /// What is known of the artifact's exports.
    pub(super) title: String,
}

/// A finding, and where it stands.
pub(super) struct Found<'a> {
    pub(super) document: &'a Document,
    pub(super) artifact: &'a Artifact,
    pub(super) finding: &'a Finding,
    pub(super) spot: &'a Spot,
}

impl<'a> Found<'a> {
    /// What stands at a spot; `None` for one that stands for all of an artifact.
    pub(super) fn of(document: &'a Document, spot: &'a Spot) -> Option<Self> {
        let id = spot.finding.as_ref()?;
        let artifact = document.artifact(spot.artifact)?;
        let finding = document.problems(artifact).find(|it| it.id == *id)?;
        Some(Found { document, artifact, finding, spot })
    }
}
