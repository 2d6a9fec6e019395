//! The releases in `data/adapters.toml`: the function bodies and WASI interfaces of their adapters. Read when the first
//! adapter is found.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::digest::Digest;
use super::flavor::Flavor;
use super::interfaces::{self, Age};
use super::table::{AdapterTable, Text};

/// The flavors that are published, in the order of [`super::table::KnownBodies`]'s fields.
pub const PUBLISHED: [Flavor; 3] = [Flavor::Command, Flavor::Reactor, Flavor::Proxy];

/// How well an adapter matches the releases of one flavor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The flavor.
    pub flavor: Flavor,
    /// Bodies that the adapter shares with each of the best releases.
    pub matched: u32,
    // Indices of those releases.
    fitting: Vec<usize>,
}

// First and last index in the list of releases and carriers, inclusive.
type Run = (usize, usize);

/// The table, indexed.
#[derive(Debug)]
pub(super) struct Releases {
    names: Vec<Text>,
    // Number of published releases among the names; the others are carriers.
    published: usize,
    interfaces: FxHashMap<Text, Vec<Run>>,
    // The runs of releases that have the same bodies, one list for each published flavor.
    groups: Vec<[Vec<Run>; 3]>,
    // The group of each body.
    bodies: FxHashMap<Digest, usize>,
}

static RELEASES: LazyLock<Releases> = LazyLock::new(|| {
    let table = AdapterTable::read(include_str!("../../../data/adapters.toml"));
    Releases::of(table.expect("data/adapters.toml holds what `inspect --fingerprint` writes"))
});

impl Releases {
    /// The releases that `data/adapters.toml` lists.
    pub(super) fn known() -> &'static Releases {
        &RELEASES
    }

    fn of(table: AdapterTable) -> Self {
        let published = table.releases.len();
        let names: Vec<Text> = table.releases.into_iter().chain(table.carriers).collect();
        let index: FxHashMap<&str, usize> =
            names.iter().enumerate().map(|(i, name)| (&**name, i)).collect();
        let runs = |texts: &[Text]| -> Vec<Run> {
            let run = |text: &Text| {
                let (first, last) = text.split_once("..").unwrap_or((text, text));
                Some((*index.get(first)?, *index.get(last)?))
            };
            texts.iter().filter_map(run).collect()
        };
        let mut interfaces: FxHashMap<Text, Vec<Run>> = FxHashMap::default();
        for group in &table.interfaces {
            for name in &group.names {
                interfaces.entry(name.clone()).or_default().extend(runs(&group.releases));
            }
        }
        let mut groups = Vec::with_capacity(table.bodies.len());
        let digests = table.bodies.iter().map(|group| group.digests.len()).sum();
        let mut bodies = FxHashMap::with_capacity_and_hasher(digests, Default::default());
        for group in &table.bodies {
            let digests = group.digests.iter().filter_map(|text| text.parse().ok());
            bodies.extend(digests.map(|digest| (digest, groups.len())));
            groups.push([runs(&group.command), runs(&group.reactor), runs(&group.proxy)]);
        }
        Releases { names, published, interfaces, groups, bodies }
    }

    /// The fit of each of `flavors`; none if no release has all the interfaces.
    pub(super) fn fits(
        &self,
        flavors: &[Flavor],
        digests: &[Digest],
        interfaces: &[&str],
    ) -> Vec<Fit> {
        let possible = self.possible(interfaces);
        let published = PUBLISHED.iter().enumerate().filter(|(_, it)| flavors.contains(it));
        published.filter_map(|(i, flavor)| self.fit(i, *flavor, digests, &possible)).collect()
    }

    /// The first and last published release of equally good `fits`.
    pub(super) fn range(&self, fits: &[Fit]) -> Option<(String, String)> {
        self.span(&self.fitting(fits))
    }

    /// The carriers of equally good `fits`: `cargo-component 0.7.0 to 0.10.1`.
    pub(super) fn carriers(&self, fits: &[Fit]) -> Option<String> {
        let mut packages: Vec<(&str, &str, &str)> = Vec::new();
        for index in self.fitting(fits).into_iter().filter(|index| *index >= self.published) {
            let Some((package, version)) = self.names[index].rsplit_once(' ') else {
                continue;
            };
            match packages.last_mut() {
                Some((it, _, last)) if *it == package => *last = version,
                _ => packages.push((package, version, version)),
            }
        }
        let spelled = packages.into_iter().map(|(package, first, last)| match first == last {
            true => format!("{package} {first}"),
            false => format!("{package} {first} to {last}"),
        });
        let spelled: Vec<_> = spelled.collect();
        (!spelled.is_empty()).then(|| spelled.join(", "))
    }

    /// The origin that `interfaces` suggest for an adapter with unknown bodies.
    pub(super) fn hint(&self, interfaces: &[&str]) -> String {
        let published = &self.names[..self.published];
        let (Some(oldest), Some(newest)) = (published.first(), published.last()) else {
            return "of no published release".to_owned();
        };
        let in_releases = self
            .interfaces
            .iter()
            .filter(|(_, runs)| runs.iter().any(|run| run.0 < self.published));
        let known = in_releases.map(|(name, _)| &**name);
        let oldest_has = |name: &&str| {
            let runs = self.interfaces.get(*name).map_or(&[][..], Vec::as_slice);
            runs.iter().any(|run| run.0 == 0)
        };
        match interfaces::age(interfaces, known) {
            Age::Older => format!("older than wasmtime {oldest}, or built by hand"),
            Age::Newer => format!("newer than wasmtime {newest}, or built by hand"),
            Age::Known if interfaces.is_empty() => "built by hand, or changed".to_owned(),
            Age::Known if interfaces.iter().all(oldest_has) => {
                format!("older than wasmtime {oldest}, or built by hand")
            }
            Age::Known => {
                let possible = self.possible(interfaces);
                let indices: Vec<_> = (0..possible.len()).filter(|it| possible[*it]).collect();
                match self.span(&indices) {
                    Some((first, last)) => format!(
                        "built by hand, or changed, with the WASI interfaces of wasmtime {first} to {last}"
                    ),
                    None => "built by hand, or changed".to_owned(),
                }
            }
        }
    }

    // The indices of the releases of `fits`, sorted.
    fn fitting(&self, fits: &[Fit]) -> Vec<usize> {
        let indices: BTreeSet<_> = fits.iter().flat_map(|fit| &fit.fitting).copied().collect();
        indices.into_iter().collect()
    }

    // The first and last published release of sorted `indices`.
    fn span(&self, indices: &[usize]) -> Option<(String, String)> {
        let mut indices = indices.iter().filter(|index| **index < self.published);
        let first = indices.next()?;
        let last = indices.next_back().unwrap_or(first);
        Some((self.names[*first].to_string(), self.names[*last].to_string()))
    }

    // Whether each release has all of `interfaces`.
    fn possible(&self, interfaces: &[&str]) -> Vec<bool> {
        let mut possible = vec![true; self.names.len()];
        for interface in interfaces {
            let runs = self.interfaces.get(*interface).map_or(&[][..], Vec::as_slice);
            for (index, possible) in possible.iter_mut().enumerate() {
                *possible &= runs.iter().any(|run| run.0 <= index && index <= run.1);
            }
        }
        possible
    }

    fn fit(&self, i: usize, flavor: Flavor, digests: &[Digest], possible: &[bool]) -> Option<Fit> {
        let mut matched = vec![0; self.names.len()];
        for group in digests.iter().filter_map(|digest| self.bodies.get(digest)) {
            for run in &self.groups[*group][i] {
                matched[run.0..=run.1].iter_mut().for_each(|count| *count += 1);
            }
        }
        let best = *matched.iter().zip(possible).filter(|it| *it.1).map(|it| it.0).max()?;
        let fits = |index: &usize| possible[*index] && matched[*index] == best;
        let fitting = (0..matched.len()).filter(fits).collect();
        Some(Fit { flavor, matched: best, fitting })
    }
}
