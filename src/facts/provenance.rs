//! Where a component comes from: the preview1 adapters in it, and the toolchains that made it.
//! Knows names and likenesses only; what a function does is for the other facts to say.

mod adapter;
pub mod digest;
mod interfaces;
pub mod releases;
mod service;
mod texts;
mod toolchain;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::component::Component;
use crate::component::index_space::CoreModuleId;
pub use toolchain::Toolchain;

/// Where a component comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The embedded preview1 adapters, in the order of their modules.
    pub adapters: Vec<Adapter>,
    /// The toolchains, sorted by name and version. What made the adapters does not count.
    pub toolchains: Vec<Toolchain>,
    /// The producers sections of all parts, merged: field, then `name version` values, both sorted.
    pub producers: Vec<(String, Vec<String>)>,
}

/// An embedded preview1 adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// The module.
    pub module: CoreModuleId,
    /// The import module it serves: `wasi_snapshot_preview1`, or what its users call it.
    pub name: String,
    /// The flavor.
    pub flavor: Flavor,
    /// First and last published release that it can be, by version. `None` if it can be none, or if
    /// too few of its function bodies are known to tell.
    pub releases: Option<(String, String)>,
    /// Where else it can come from: the packages that ship the same adapter, or, where too few of its
    /// bodies are known, what its WASI interfaces say. Reads on from "preview1 adapter".
    pub origin: Option<String>,
    /// How many of its function bodies are those of the release it is most like, of how many.
    /// What wit-component adds is not counted. Not all of them: an optimizer has been at work, or
    /// the release is not a published one. None where no release has the same WASI interfaces.
    pub matched: (u32, u32),
}

/// Which of wasmtime's preview1 adapters an adapter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flavor {
    /// Exports `wasi:cli/run`, which calls the main module's `_start`.
    Command,
    /// Exports nothing of its own.
    Reactor,
    /// As the reactor, without files, environment and exit.
    Proxy,
    /// The reactor or the proxy: its imports fit both, and its bodies are of neither.
    ReactorOrProxy,
    /// None of wasmtime's: made by a library.
    Library,
}

impl fmt::Display for Flavor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flavor::Command => "command",
            Flavor::Reactor => "reactor",
            Flavor::Proxy => "proxy",
            Flavor::ReactorOrProxy => "reactor or proxy",
            Flavor::Library => "library",
        })
    }
}

impl Provenance {
    /// Where `component` comes from. Looks at function bodies only where imports and exports say
    /// that a module is an adapter.
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
