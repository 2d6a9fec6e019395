//! The line of a text that a finding is shown at: reviews and code scanning show texts, not binaries.

use crate::report::document::Artifact;
use crate::report::document::Origin;
use crate::report::document::Place;

/// A line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor<'a> {
    pub(super) path: &'a str,
    /// From 1.
    pub(super) line: u32,
    /// From 1, where it is known.
    pub(super) column: Option<u32>,
    /// How many characters of the line are meant, where it is known.
    pub(super) length: Option<u32>,
}

impl<'a> Anchor<'a> {
    /// The manifest's line that names the artifact; else the line that the place was made from; else
    /// the artifact itself, whose first line stands for all of it.
    pub(super) fn of(artifact: &'a Artifact, place: Option<&'a Place>) -> Self {
        if let Some(origin) = &artifact.origin {
            return Anchor::in_manifest(origin);
        }
        let source = place.and_then(|place| place.source.as_ref());
        match source.filter(|source| !is_absolute(&source.path)) {
            Some(source) => Anchor { path: &source.path, line: source.line, ..Anchor::whole("") },
            None => Anchor::whole(&artifact.path),
        }
    }

    pub(super) fn in_manifest(origin: &'a Origin) -> Self {
        Anchor {
            path: &origin.path,
            line: origin.line,
            column: Some(origin.column),
            length: Some(origin.length).filter(|length| *length > 0),
        }
    }

    pub(super) fn whole(path: &'a str) -> Self {
        Anchor { path, line: 1, column: None, length: None }
    }
}

/// Whether a path names a place on one machine only.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.get(1..3) == Some(":/")
}
