//! What a project file says, whatever its kind. Spans are ranges of bytes of its text.

use std::ops::Range;

use super::host::Implied;
use super::tree::Node;
use crate::registry::Reference;

/// The components that a project file names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// In the order of the text.
    pub entries: Vec<Entry>,
    /// Globs for the folders of the other packages of a cargo workspace.
    pub(crate) members: Vec<String>,
    /// Folders that are not packages although a glob matches them.
    pub(crate) excluded: Vec<String>,
}

/// A component that a project file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key that names it, as in the file: `[component.api] source`.
    pub(crate) key: String,
    /// The span of the key's value.
    pub span: Range<usize>,
    pub(crate) target: Target,
    pub(crate) implied: Implied,
    /// The command that builds it, if known.
    pub(crate) build: Option<String>,
    pub(crate) expected: Expected,
}

/// What an entry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file, by its path from the project's folder.
    File(String),
    /// The output of a build: paths to try in order, from the project's folder and from each one above.
    Output(Vec<String>),
    /// A package of a composition: a file if that exists, otherwise one from a registry.
    Package(String),
    /// Something on another machine, and its reference, or why it cannot be fetched.
    Remote { what: String, advice: String, reference: Result<Reference, String> },
    /// Nothing, where a component is expected.
    Nothing,
    /// Nothing, for this reason.
    Invalid(String),
}

/// When the file that an entry names must exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Always; the host does not start without it.
    Always,
    /// If the user named the project file.
    WhenAsked,
    /// Never; a build makes one of several.
    Never,
}

impl Target {
    /// The reason that a value has the wrong type.
    pub(super) fn mistyped(value: &Node, expected: &str) -> Self {
        Target::Invalid(format!("expected {expected}, found {}", value.kind()))
    }

    pub(super) fn file(value: &Node) -> Self {
        match value.text() {
            Some(path) => Target::File(path.to_owned()),
            None => Target::mistyped(value, "a path"),
        }
    }

    /// An image of wasmCloud: `file://` and a path, or a reference that `pull` fetches.
    pub(super) fn image(value: &Node, pull: &str, host: &str) -> Self {
        let Some(image) = value.text() else { return Target::mistyped(value, "a string") };
        if let Some(path) = image.strip_prefix("file://") {
            return Target::File(path.to_owned());
        }
        if image.starts_with(['.', '/']) {
            return Target::File(image.to_owned());
        }
        let advice = format!("pull it (`{pull} {image}`) and check the file, with `--host {host}`");
        let reference = Reference::of_image(image);
        Target::Remote { what: image.to_owned(), advice, reference }
    }
}
