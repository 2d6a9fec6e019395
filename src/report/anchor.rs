//! The line of a text at which a finding is shown: reviews and code scanning show texts, not binaries.

use crate::report::document::{
    Artifact, Document, Failure, Finding, Origin, Place, Role, Skips, Source,
};

/// A line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Anchor<'a> {
    pub(crate) path: &'a str,
    /// From 1.
    pub(crate) line: u32,
    /// From 1; `None` if unknown.
    pub(crate) column: Option<u32>,
    /// Characters of the line; `None` if unknown.
    pub(crate) length: Option<u32>,
}

impl<'a> Anchor<'a> {
    /// The first line that is present: that of the finding's place, of a call that led there, of a place
    /// that explains it, of the exported function; else as for the artifact.
    pub(crate) fn of(artifact: &'a Artifact, finding: &'a Finding) -> Self {
        let (labels, rest): (Vec<_>, Vec<_>) =
            finding.locations.iter().partition(|it| it.role == Role::Related);
        let export = finding.export.as_deref().and_then(|name| artifact.export(name));
        let function = export.and_then(|it| it.core_function.as_ref());
        let places = rest.into_iter().chain(labels).map(|it| &it.place).chain(function);
        Anchor::first(artifact, places)
    }

    /// The line that a place was made from, if it is present; else as for the artifact.
    pub(crate) fn at(artifact: &'a Artifact, place: &'a Place) -> Self {
        Anchor::first(artifact, [place])
    }

    /// The manifest's line that names the artifact; else the first line of the artifact itself.
    pub(crate) fn of_artifact(artifact: &'a Artifact) -> Self {
        match &artifact.origin {
            Some(origin) => Anchor::in_manifest(origin),
            None => Anchor::whole(&artifact.path),
        }
    }

    /// Where an input could not be read: the place in it if it is a text; else as for an artifact.
    pub(crate) fn of_failure(failure: &'a Failure) -> Self {
        match (failure.line, &failure.origin) {
            (Some(line), _) => {
                Anchor { path: &failure.path, line, column: failure.column, length: None }
            }
            (None, Some(origin)) => Anchor::in_manifest(origin),
            (None, None) => Anchor::whole(&failure.path),
        }
    }

    /// The place that asks for what was not examined, else its artifact, else its file; `-` for an option.
    pub(crate) fn of_skips(document: &'a Document, skips: &Skips<'a>) -> Self {
        let artifact = skips.first.artifact.and_then(|id| document.artifact(id));
        match (&skips.first.origin, artifact) {
            (Some(origin), _) => Anchor::in_manifest(origin),
            (None, Some(artifact)) => Anchor::of_artifact(artifact),
            (None, None) => Anchor::whole(skips.path.unwrap_or("-")),
        }
    }

    fn first(artifact: &'a Artifact, places: impl IntoIterator<Item = &'a Place>) -> Self {
        let sources = places.into_iter().filter_map(|it| it.source.as_ref());
        match sources.into_iter().find(|source| source.present) {
            Some(Source { path, line, column, .. }) => {
                Anchor { path, line: *line, column: *column, length: None }
            }
            None => Anchor::of_artifact(artifact),
        }
    }

    pub(crate) fn in_manifest(origin: &'a Origin) -> Self {
        Anchor {
            path: &origin.path,
            line: origin.line,
            column: Some(origin.column),
            length: Some(origin.length).filter(|length| *length > 0),
        }
    }

    pub(crate) fn whole(path: &'a str) -> Self {
        Anchor { path, line: 1, column: None, length: None }
    }
}
