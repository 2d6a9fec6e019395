//! The provenance of a component: its preview1 adapters and the toolchains that made it. Compares names and digests;
//! does not interpret functions.

mod adapter;
mod defects;
pub mod digest;
mod flavor;
mod interfaces;
pub mod releases;
mod service;
pub mod table;
mod texts;
mod toolchain;

use std::collections::{BTreeMap, BTreeSet};

use crate::component::Component;
pub use adapter::Adapter;
pub use defects::Defect;
pub use flavor::Flavor;
pub use toolchain::Toolchain;

/// The provenance of a component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The embedded preview1 adapters, in the order of their modules.
    pub adapters: Vec<Adapter>,
    /// The toolchains, sorted by name and version, without those of the adapters.
    pub toolchains: Vec<Toolchain>,
    /// The known defects of their releases.
    pub defects: Vec<Defect>,
    /// The producers sections of all parts, merged: field, then `name version` values, both sorted.
    pub producers: Vec<(String, Vec<String>)>,
}

impl Provenance {
    /// Determines the provenance. Reads only the function bodies of modules that look like adapters by their imports and
    /// exports.
    pub fn of(component: &Component<'_>) -> Self {
        let adapters = adapter::find(component);
        let toolchains = toolchain::find(component, &adapters);
        let versions =
            toolchains.iter().filter_map(|it| Some((it.name.as_str(), it.version.as_deref()?)));
        let defects = defects::of(toolchain::defects(), versions);
        Provenance { adapters, toolchains, defects, producers: producers(component) }
    }
}

fn producers(component: &Component<'_>) -> Vec<(String, Vec<String>)> {
    let mut merged: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let modules = component.core_modules.iter().flat_map(|(_, module)| &module.producers);
    let definitions = component.definitions.iter().flat_map(|(_, it)| &it.producers);
    for (field, name, version) in modules.chain(definitions) {
        let value = if version.is_empty() { (*name).into() } else { format!("{name} {version}") };
        merged.entry(field).or_default().insert(value);
    }
    let sorted =
        |(field, values): (&str, BTreeSet<_>)| (field.into(), values.into_iter().collect());
    merged.into_iter().map(sorted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_the_defects_of_its_range() {
        let defects =
            |name, version| defects::of(toolchain::defects(), [(name, version)].into_iter());
        for (version, expected) in [
            ("0.7.0", 3),
            ("0.19.0", 2),
            ("0.19.3", 1),
            ("0.20.0", 1),
            ("0.22.0-rc.1", 1),
            ("0.23.0", 0),
            ("unknown", 0),
        ] {
            assert_eq!(defects("ComponentizeJS", version).len(), expected, "{version}");
        }
        assert!(defects("rustc", "1.66.0").is_empty());
        for defect in defects("ComponentizeJS", "0.7.0") {
            assert!(defect.source.starts_with("https://"), "{defect:?}");
        }
    }
}
