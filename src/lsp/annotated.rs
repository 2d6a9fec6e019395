//! Findings and artifacts at a range of a file.

use std::path::Path;

use gen_lsp_types::Range;

use super::rendering::Annotation;
use super::schedule::Schedule;
use crate::report::document::{Artifact, Document, Finding};

/// A finding with its annotation, and the document and artifact that it is from.
pub(super) struct AnnotatedFinding<'a> {
    pub(super) document: &'a Document,
    pub(super) artifact: &'a Artifact,
    pub(super) finding: &'a Finding,
    pub(super) annotation: &'a Annotation,
}

impl<'a> AnnotatedFinding<'a> {
    /// `None` if the annotation is about a whole artifact.
    pub(super) fn of((document, annotation): (&'a Document, &'a Annotation)) -> Option<Self> {
        let id = annotation.finding.as_ref()?;
        let artifact = document.artifact(annotation.artifact)?;
        let finding = document.problems(artifact).find(|finding| finding.id == *id)?;
        Some(AnnotatedFinding { document, artifact, finding, annotation })
    }

    /// The finding with this id in a file.
    pub(super) fn by_id(schedule: &'a Schedule, path: &Path, id: &str) -> Option<Self> {
        let in_file = schedule.annotations().filter(|(_, it)| it.path == path);
        let mut found = in_file.filter(|(_, it)| it.finding.as_deref() == Some(id));
        found.find_map(AnnotatedFinding::of)
    }
}

/// The annotations on the lines of a range.
pub(super) fn at<'a>(
    schedule: &'a Schedule,
    path: &Path,
    range: Range,
) -> impl Iterator<Item = (&'a Document, &'a Annotation)> {
    let (first, last) = (range.start.line, range.end.line);
    schedule.annotations().filter(move |(_, it)| {
        it.path == path && it.range.start.line <= last && it.range.end.line >= first
    })
}
