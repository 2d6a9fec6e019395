//! The bytes and texts of the inputs, for excerpts of their code. A report can be written without them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::digest::sha256;
use crate::report::document::{Artifact, Source};
use crate::report::run::Run;

/// A binary, and the text that it was encoded from, if any.
type Binary<'a> = (Cow<'a, [u8]>, Option<Cow<'a, str>>);

/// The available binaries and texts.
#[derive(Debug, Default)]
pub struct Binaries<'a> {
    /// By the artifacts' ids.
    bytes: BTreeMap<usize, Binary<'a>>,
    /// Source files, by the paths in the document.
    pub sources: BTreeMap<String, String>,
}

impl<'a> Binaries<'a> {
    /// The binaries of a run that was just made.
    pub fn of(run: &'a Run) -> Self {
        let all = run.artifacts.iter().enumerate();
        let bytes =
            all.map(|(id, it)| (id, (Cow::from(&it.bytes), it.text.as_deref().map(Cow::from))));
        Binaries { bytes: bytes.collect(), sources: BTreeMap::new() }
    }

    /// Adds `bytes`, and the text that they were encoded from, if their digest is the artifact's.
    pub fn offer(&mut self, artifact: &Artifact, bytes: Vec<u8>, text: Option<String>) {
        if sha256(&bytes) == artifact.sha256 {
            self.bytes.insert(artifact.id, (Cow::from(bytes), text.map(Cow::from)));
        }
    }

    /// The binary of an artifact; `None` if it is not available.
    pub fn get(&self, artifact: &Artifact) -> Option<&[u8]> {
        self.bytes.get(&artifact.id).map(|(bytes, _)| bytes.as_ref())
    }

    /// Whether an artifact was encoded from a text that is available.
    pub fn is_text(&self, artifact: &Artifact) -> bool {
        self.bytes.get(&artifact.id).is_some_and(|(_, text)| text.is_some())
    }

    /// The text that a source line of an artifact's place stands in.
    pub fn text(&self, artifact: &Artifact, source: &Source) -> Option<&str> {
        if source.path == artifact.path {
            return self.bytes.get(&artifact.id)?.1.as_deref();
        }
        self.sources.get(&source.path).filter(|_| source.present).map(String::as_str)
    }
}
