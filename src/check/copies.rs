//! Inputs with the same bytes, of which one is examined.

use std::collections::BTreeMap;

use super::examine::Examiner;
use super::inputs::{Input, Loaded};
use crate::digest::sha256;
use crate::manifest::Implied;
use crate::report::document::{Failure, Skipped};
use crate::report::run::Artifact;

/// The inputs seen so far.
#[derive(Debug, Default)]
pub(super) struct Copies(BTreeMap<String, Vec<(Implied, usize)>>);

impl Copies {
    /// The first input that holds the same bytes as input `id` and is examined in the same way: `id` itself if there is
    /// none before it. `digest` is that of its bytes. A copy that no manifest names is judged for the host of one that a
    /// manifest names.
    pub(super) fn first(
        &mut self,
        id: usize,
        input: &Input,
        loaded: &Loaded,
        digest: &str,
        examiner: &Examiner<'_>,
    ) -> usize {
        let text = loaded.text.as_ref().map(sha256);
        let key = examiner.key(digest, Implied::Nothing);
        let seen = self.0.entry(sha256(format!("{key} {text:?} {:?}", loaded.wrapping)));
        let seen = seen.or_default();
        let is_alike = |(implied, _): &&(Implied, usize)| {
            input.named_by.is_none() || *implied == input.implied()
        };
        match seen.iter().find(is_alike) {
            Some((_, first)) => *first,
            None => {
                seen.push((input.implied(), id));
                id
            }
        }
    }
}

/// The artifact of a copy, before the input that it is a copy of is examined.
pub(super) fn copy(input: &Input, loaded: Loaded) -> Artifact {
    Artifact {
        origin: input.named_by.as_ref().map(|named_by| named_by.origin.clone()),
        text: loaded.text,
        wrapping: loaded.wrapping,
        fetched: input.fetched().cloned(),
        ..Artifact::new(loaded.path, loaded.bytes.unwrap_or_default(), Err(Failure::default()))
    }
}

/// Fills in what was found in the first input with the same bytes.
pub(super) fn with_copies(
    mut examined: Vec<(Artifact, Vec<Skipped>)>,
    firsts: &[usize],
) -> Vec<(Artifact, Vec<Skipped>)> {
    for (id, first) in firsts.iter().enumerate().filter(|(id, first)| id != *first) {
        let (first, skipped) = examined[*first].clone();
        let (own, own_skipped) = &mut examined[id];
        *own_skipped = skipped;
        let mut sources = first.sources;
        for source in sources.values_mut().filter(|it| it.path == first.path) {
            source.path.clone_from(&own.path);
        }
        let (path, bytes) = (std::mem::take(&mut own.path), std::mem::take(&mut own.bytes));
        let (origin, text) = (own.origin.take(), own.text.take());
        let fetched = own.fetched.take();
        *own = Artifact { path, origin, fetched, bytes, text, sources, ..first };
    }
    examined
}
