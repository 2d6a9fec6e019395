//! What `data/adapters.toml` knows: which function bodies and WASI interfaces the adapters of
//! which releases have. Read when the first adapter is found, and not before.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::Serialize;

use super::Flavor;
use super::digest::Digest;

/// The contents of `data/adapters.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AdapterTable {
    /// Every release, oldest first.
    pub releases: Vec<String>,
    /// The WASI interfaces that adapters import or export, by the releases whose adapters do.
    pub interfaces: Vec<Interfaces>,
    /// The function bodies, by the adapters that have them.
    pub bodies: Vec<KnownBodies>,
}

/// Interfaces that the adapters of some releases have in common.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Interfaces {
    /// Releases: `24.0.3`, or `23.0.1..24.0.0` for a run of them in the order of
    /// [`AdapterTable::releases`], last one included.
    pub releases: Vec<String>,
    /// Full names, `wasi:cli/exit@0.2.6`, sorted.
    pub names: Vec<String>,
}

/// Function bodies that the same adapters have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct KnownBodies {
    /// Releases whose command adapter has them, as in [`Interfaces::releases`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Releases whose reactor adapter has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactor: Vec<String>,
    /// Releases whose proxy adapter has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proxy: Vec<String>,
    /// Digests of the bodies, 16 hexadecimal digits each, sorted.
    pub digests: Vec<String>,
}

/// The flavors that are published, in the order of [`KnownBodies`]'s fields.
pub const PUBLISHED: [Flavor; 3] = [Flavor::Command, Flavor::Reactor, Flavor::Proxy];

/// How well an adapter fits the releases of one flavor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// The flavor.
    pub flavor: Flavor,
    /// How many of the adapter's bodies the releases that fit best have.
    pub matched: u32,
    /// Place of the first of those releases in [`AdapterTable::releases`].
    first: usize,
    /// Place of the last.
    last: usize,
}

// Places in the list of releases, first and last, both included.
type Run = (usize, usize);

/// The table, ready to be asked.
#[derive(Debug)]
pub(super) struct Releases {
    names: Vec<String>,
    interfaces: FxHashMap<String, Vec<Run>>,
    bodies: FxHashMap<Digest, [Vec<Run>; 3]>,
}

static RELEASES: LazyLock<Releases> = LazyLock::new(|| {
    let table = toml::from_str(include_str!("../../../data/adapters.toml"))
        .expect("data/adapters.toml holds what `inspect --fingerprint` writes");
    Releases::of(table)
});

impl Releases {
    /// The releases that `data/adapters.toml` lists.
    pub(super) fn known() -> &'static Releases {
        &RELEASES
    }

    fn of(table: AdapterTable) -> Self {
        let place: FxHashMap<&str, usize> =
            table.releases.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let runs = |texts: &[String]| -> Vec<Run> {
            let run = |text: &String| {
                let (first, last) = text.split_once("..").unwrap_or((text, text));
                Some((*place.get(first)?, *place.get(last)?))
            };
            texts.iter().filter_map(run).collect()
        };
        let mut interfaces: FxHashMap<String, Vec<Run>> = FxHashMap::default();
        for group in &table.interfaces {
            for name in &group.names {
                interfaces.entry(name.clone()).or_default().extend(runs(&group.releases));
            }
        }
        let mut bodies = FxHashMap::default();
        for group in &table.bodies {
            let known = [runs(&group.command), runs(&group.reactor), runs(&group.proxy)];
            for digest in group.digests.iter().filter_map(|text| text.parse::<Digest>().ok()) {
                bodies.insert(digest, known.clone());
            }
        }
        Releases { interfaces, bodies, names: table.releases }
    }

    /// How well each of `flavors` fits; none where no release has all the interfaces.
    pub(super) fn fits(
        &self,
        flavors: &[Flavor],
        digests: &[Digest],
        interfaces: &[&str],
    ) -> Vec<Fit> {
        let mut possible = vec![true; self.names.len()];
        for interface in interfaces {
            let runs = self.interfaces.get(*interface).map_or(&[][..], Vec::as_slice);
            for (place, possible) in possible.iter_mut().enumerate() {
                *possible &= runs.iter().any(|run| run.0 <= place && place <= run.1);
            }
        }
        let published = PUBLISHED.iter().enumerate().filter(|(_, it)| flavors.contains(it));
        published.filter_map(|(i, flavor)| self.fit(i, *flavor, digests, &possible)).collect()
    }

    /// The first and the last release that `fits`, all equally good, speak of.
    pub(super) fn range(&self, fits: &[Fit]) -> Option<(String, String)> {
        let first = fits.iter().map(|fit| fit.first).min()?;
        let last = fits.iter().map(|fit| fit.last).max()?;
        Some((self.names[first].clone(), self.names[last].clone()))
    }

    fn fit(&self, i: usize, flavor: Flavor, digests: &[Digest], possible: &[bool]) -> Option<Fit> {
        let mut matched = vec![0; self.names.len()];
        for known in digests.iter().filter_map(|digest| self.bodies.get(digest)) {
            for run in &known[i] {
                matched[run.0..=run.1].iter_mut().for_each(|count| *count += 1);
            }
        }
        let best = *matched.iter().zip(possible).filter(|it| *it.1).map(|it| it.0).max()?;
        // Small bodies are alike by chance. Where others are unknown, because an optimizer has been
        // at work or the release is not a published one, the interfaces alone tell.
        let few = 10 * best < 9 * digests.len();
        if few {
            matched.fill(best);
        }
        let fitting = |place: &usize| possible[*place] && matched[*place] == best;
        let first = (0..matched.len()).find(fitting)?;
        let last = (0..matched.len()).rfind(fitting)?;
        Some(Fit { flavor, matched: u32::try_from(best).unwrap_or(u32::MAX), first, last })
    }
}
