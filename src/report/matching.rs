//! Pairs what was found before a change with what is found after it. Each entry of one side has at most one of the other.

use std::collections::{BTreeMap, BTreeSet};

/// The entries of both sides that have no counterpart yet, and the pairs. `B` and `A` are the places of entries of the
/// old and of the new side.
pub(super) struct Matching<B, A, T> {
    pub(super) before: Vec<(B, T)>,
    pub(super) after: Vec<(A, T)>,
    /// The place of the new entry, and that of the old one.
    pub(super) pairs: BTreeMap<A, B>,
}

impl<B: Copy + Ord, A: Copy + Ord, T> Matching<B, A, T> {
    /// Entries without any pairs.
    pub(super) fn new(before: Vec<(B, T)>, after: Vec<(A, T)>) -> Self {
        Matching { before, after, pairs: BTreeMap::new() }
    }

    /// Pairs entries of the same key, in order, if `fit` says so of the old and the new ones that have it.
    pub(super) fn pair<K: Ord>(
        &mut self,
        fit: impl Fn(&[&T], &[&T]) -> bool,
        key: impl Fn(&T) -> K,
    ) {
        let mut old: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (place, entry) in &self.before {
            old.entry(key(entry)).or_default().push((*place, entry));
        }
        let mut new: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (place, entry) in &self.after {
            new.entry(key(entry)).or_default().push((*place, entry));
        }
        let mut pairs = BTreeMap::new();
        for (key, (places, entries)) in old.into_iter().map(|(key, it)| (key, unzip(it))) {
            let Some((found, findings)) = new.remove(&key).map(unzip) else { continue };
            if fit(&entries, &findings) {
                pairs.extend(found.into_iter().zip(places));
            }
        }
        let matched: BTreeSet<_> = pairs.values().copied().collect();
        self.before.retain(|(place, _)| !matched.contains(place));
        self.after.retain(|(place, _)| !pairs.contains_key(place));
        self.pairs.extend(pairs);
    }
}

fn unzip<I, E>(pairs: Vec<(I, E)>) -> (Vec<I>, Vec<E>) {
    pairs.into_iter().unzip()
}

/// Whatever entries there are.
pub(super) fn always<T>(_: &[&T], _: &[&T]) -> bool {
    true
}

/// Only one entry on each side.
pub(super) fn alone<T>(before: &[&T], after: &[&T]) -> bool {
    (before.len(), after.len()) == (1, 1)
}
