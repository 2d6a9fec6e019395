//! The bytes of the inputs, for excerpts of their code. A report can be written without them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::digest::sha256;
use crate::report::document::Artifact;
use crate::report::run::Run;

/// The available binaries, by the ids of their artifacts.
#[derive(Debug, Default)]
pub struct Binaries<'a> {
    bytes: BTreeMap<usize, Cow<'a, [u8]>>,
}

impl<'a> Binaries<'a> {
    /// The binaries of a run that was just made.
    pub fn of(run: &'a Run) -> Self {
        let all = run.artifacts.iter().enumerate();
        Binaries { bytes: all.map(|(id, it)| (id, Cow::from(&it.bytes))).collect() }
    }

    /// Adds `bytes`, if their digest is the artifact's.
    pub fn offer(&mut self, artifact: &Artifact, bytes: Vec<u8>) {
        if sha256(&bytes) == artifact.sha256 {
            self.bytes.insert(artifact.id, Cow::from(bytes));
        }
    }

    /// The binary of an artifact; `None` if it is not available.
    pub fn get(&self, artifact: &Artifact) -> Option<&[u8]> {
        self.bytes.get(&artifact.id).map(AsRef::as_ref)
    }
}
