//! Releases of toolchains with a known defect that shows when an instance is called again: `data/toolchains.toml`.

use serde::Deserialize;

/// A known defect of the toolchain that made a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The toolchain with its version.
    pub release: String,
    /// What goes wrong, and the release that is free of it.
    pub text: String,
    /// Where it is reported.
    pub source: String,
}

/// An entry of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    toolchain: String,
    /// The first release that has it; all older ones if it is not named.
    #[serde(default)]
    since: Option<String>,
    /// The first release that is free of it.
    until: String,
    text: String,
    source: String,
}

/// The defects of releases: names of toolchains and their versions.
pub(super) fn of<'r>(
    known: &[Known],
    releases: impl Iterator<Item = (&'r str, &'r str)>,
) -> Vec<Defect> {
    let defects = releases.flat_map(|(name, version)| {
        let has = move |it: &&Known| {
            it.toolchain == name
                && it.since.as_ref().is_none_or(|since| numbers(since) <= numbers(version))
                && !numbers(version).is_empty()
                && numbers(version) < numbers(&it.until)
        };
        known.iter().filter(has).map(move |it| Defect {
            release: format!("{name} {version}"),
            text: format!("{}, before {}", it.text, it.until),
            source: it.source.clone(),
        })
    });
    defects.collect()
}

/// The numbers of a version, as far as they go.
fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+', ' ']).next().unwrap_or_default();
    release.split('.').map_while(|it| it.parse().ok()).collect()
}
