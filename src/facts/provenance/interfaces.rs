//! Compares versions of WASI interfaces with those of the known adapters.

use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The age of an adapter's WASI interfaces, compared with those of the known adapters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// One is older than all known ones.
    Older,
    /// One is newer than all known ones.
    Newer,
    /// Neither.
    Known,
}

// Numbers, then pre-releases before the release itself.
type Version<'a> = (Vec<u64>, Reverse<bool>, &'a str);

/// The age of `interfaces` compared with `known` ones, both full names: `wasi:cli/exit@0.2.6`.
pub(super) fn age<'a>(interfaces: &[&str], known: impl Iterator<Item = &'a str>) -> Age {
    let known: BTreeSet<_> = known.map(version).collect();
    let (Some(oldest), Some(newest)) = (known.first(), known.last()) else {
        return Age::Known;
    };
    if interfaces.iter().any(|name| version(name) < *oldest) {
        Age::Older
    } else if interfaces.iter().any(|name| version(name) > *newest) {
        Age::Newer
    } else {
        Age::Known
    }
}

// A name without a version is older than all with one.
fn version(name: &str) -> Version<'_> {
    let text = name.split_once('@').map_or("", |(_, version)| version);
    let (numbers, pre_release) = text.split_once('-').unwrap_or((text, ""));
    let numbers = numbers.split('.').map_while(|it| it.parse().ok()).collect();
    (numbers, Reverse(!pre_release.is_empty()), pre_release)
}
