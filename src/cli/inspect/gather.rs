//! Collects the [`Anatomy`] of a component.

use super::anatomy::{AdapterPart, Anatomy, CostPart, FactPart, Matched, Releases, ToolchainPart};
use super::resolver::Resolver;
use super::{linkage, parts, surface};
use crate::component::Component;
use crate::component::index_space::Idx;
use crate::digest::sha256;
use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points;
use crate::facts::instantiation::Instantiation;
use crate::facts::provenance::Provenance;
use crate::facts::reuse;
use crate::facts::roles::Roles;

/// The contents of `component`.
pub(super) fn of<'a>(component: &'a Component<'a>) -> Anatomy {
    let instantiation = Instantiation::of(component);
    let provenance = Provenance::of(component);
    let roles = Roles::of(component, &provenance);
    let entry_points = entry_points::of(&instantiation);
    let bodies = Bodies::of(component);
    let effects = Effects::new(&instantiation, &bodies);
    let (reuse, costs) = reuse::of(&effects, &bodies, &entry_points, &provenance, &roles);
    let mut costs = costs.into_iter();
    let reuse = reuse.into_iter().map(|fact| FactPart {
        fact: fact.kind,
        exports: fact.exports.iter().map(|at| entry_points[*at].name.to_string()).collect(),
        items: fact.items,
    });
    let mut resolver = Resolver::of(&instantiation, &roles);
    let (core_instances, omits_imports) = linkage::instances(&instantiation, &mut resolver);
    let adapters = provenance.adapters.iter().map(|adapter| AdapterPart {
        name: adapter.name.clone(),
        flavor: adapter.flavor.to_string(),
        core_module: adapter.module.raw(),
        releases: adapter.releases.clone().map(|(first, last)| Releases { first, last }),
        origin: adapter.origin.clone(),
        matched: Matched { functions: adapter.matched.0, of: adapter.matched.1 },
        cost: costs.next().map(|it| CostPart {
            bytes: it.bytes,
            imports: it.imports,
            unreachable: it.unreachable,
        }),
    });
    let toolchains = provenance.toolchains.iter().map(|toolchain| ToolchainPart {
        name: toolchain.name.clone(),
        version: toolchain.version.clone(),
        seen: toolchain.seen.clone(),
    });
    Anatomy {
        bytes: component.file.len() as u64,
        sha256: sha256(component.file),
        wrapped: None,
        components: parts::components(component),
        core_modules: parts::core_modules(component, &roles),
        core_instances,
        truncated: instantiation.truncated || omits_imports,
        starts: linkage::starts(&instantiation, &mut resolver),
        imports: surface::imports(&instantiation),
        exports: surface::exports(&effects, &bodies, &entry_points, &mut resolver, &provenance),
        adapters: adapters.collect(),
        toolchains: toolchains.collect(),
        reuse: reuse.collect(),
        producers: provenance.producers.iter().cloned().collect(),
    }
}
