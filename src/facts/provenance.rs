//! The provenance of a component: its preview1 adapters and the toolchains that made it. Compares names and digests;
//! does not interpret functions.

mod adapter;
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
pub use flavor::Flavor;
pub use toolchain::Toolchain;

/// The provenance of a component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The embedded preview1 adapters, in the order of their modules.
    pub adapters: Vec<Adapter>,
    /// The toolchains, sorted by name and version, without those of the adapters.
    pub toolchains: Vec<Toolchain>,
    /// The producers sections of all parts, merged: field, then `name version` values, both sorted.
    pub producers: Vec<(String, Vec<String>)>,
}

impl Provenance {
    /// Determines the provenance. Reads only the function bodies of modules that look like adapters by their imports and
    /// exports.
    pub fn of(component: &Component<'_>) -> Self {
        let adapters = adapter::find(component);
        let toolchains = toolchain::find(component, &adapters);
        Provenance { adapters, toolchains, producers: producers(component) }
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
