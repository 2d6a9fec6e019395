//! Circles in a graph: the sets of nodes that reach each other.

use std::collections::{BTreeMap, BTreeSet};

/// Every set of two or more nodes that reach each other, each sorted.
pub(super) fn circles<T: Ord + Clone>(edges: &BTreeMap<T, BTreeSet<T>>) -> BTreeSet<Vec<T>> {
    let reached: BTreeMap<&T, BTreeSet<&T>> =
        edges.keys().map(|from| (from, reached(edges, from))).collect();
    let of = |from: &T| {
        let mutual = reached[from]
            .iter()
            .filter(|to| reached.get(*to).is_some_and(|back| back.contains(from)));
        mutual.map(|to| (*to).clone()).collect::<Vec<_>>()
    };
    edges.keys().map(of).filter(|circle| circle.len() > 1).collect()
}

/// The nodes that `from` reaches over one edge or more.
fn reached<'e, T: Ord>(edges: &'e BTreeMap<T, BTreeSet<T>>, from: &T) -> BTreeSet<&'e T> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&T> = edges.get(from).into_iter().flatten().collect();
    while let Some(node) = open.pop() {
        if found.insert(node) {
            open.extend(edges.get(node).into_iter().flatten());
        }
    }
    found
}
