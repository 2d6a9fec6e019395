//! Component → [`Anatomy`]: each part from the file that knows it.

use super::anatomy::{AdapterPart, Anatomy, Matched, Releases, ToolchainPart};
use super::lifting::Lifting;
use super::source::Sources;
use super::{linkage, parts, surface};
use crate::component::Component;
use crate::component::index_space::Idx;
use crate::facts::instantiation::Instantiation;
use crate::facts::provenance::Provenance;
use crate::facts::roles::Roles;

/// What is in `component`. Decodes no function body but those of adapters and shims.
pub(super) fn of<'a>(component: &'a Component<'a>) -> Anatomy {
    let world = Instantiation::of(component);
    let provenance = Provenance::of(component);
    let roles = Roles::of(component, &provenance);
    let mut sources = Sources::of(&world, &roles);
    let lifting = Lifting::of(component);
    let (core_instances, cut) = linkage::instances(&world, &mut sources);
    let adapters = provenance.adapters.iter().map(|adapter| AdapterPart {
        name: adapter.name.clone(),
        flavor: adapter.flavor.to_string(),
        core_module: adapter.module.raw(),
        releases: adapter.releases.clone().map(|(first, last)| Releases { first, last }),
        origin: adapter.origin.clone(),
        matched: Matched { functions: adapter.matched.0, of: adapter.matched.1 },
    });
    let toolchains = provenance.toolchains.iter().map(|toolchain| ToolchainPart {
        name: toolchain.name.clone(),
        version: toolchain.version.clone(),
        seen: toolchain.seen.clone(),
    });
    Anatomy {
        bytes: component.file.len() as u64,
        components: parts::components(component),
        core_modules: parts::core_modules(component, &roles),
        core_instances,
        truncated: world.truncated || cut,
        starts: linkage::starts(&world, &mut sources),
        imports: surface::imports(&world),
        exports: surface::exports(&world, &lifting, &mut sources),
        adapters: adapters.collect(),
        toolchains: toolchains.collect(),
        producers: provenance.producers.iter().cloned().collect(),
    }
}
