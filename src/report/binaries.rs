//! The bytes of the inputs, for what is shown of their code. A report may be told without them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::digest::sha256;
use crate::report::document::Artifact;
use crate::report::run::Run;

/// The binaries at hand, by the ids of their artifacts.
#[derive(Debug, Default)]
pub struct Binaries<'a> {
    bytes: BTreeMap<usize, Cow<'a, [u8]>>,
}

impl<'a> Binaries<'a> {
    /// Those of a run that was just made.
    pub fn of(run: &'a Run) -> Self {
        let all = run.artifacts.iter().enumerate();
        Binaries { bytes: all.map(|(id, it)| (id, Cow::from(&it.bytes))).collect() }
    }

    /// Adds `bytes`, if they are those that the report speaks of.
    pub fn offer(&mut self, artifact: &Artifact, bytes: Vec<u8>) {
        if sha256(&bytes) == artifact.sha256 {
            self.bytes.insert(artifact.id, Cow::from(bytes));
        }
    }

    /// The binary of an artifact, if it is at hand.
    pub fn get(&self, artifact: &Artifact) -> Option<&[u8]> {
        self.bytes.get(&artifact.id).map(AsRef::as_ref)
    }
}
