//! Derives the inventory of a component from its facts.

pub mod causes;
mod leftovers;
mod names;
pub mod state;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::component::Component;
use crate::component::definition::{Item, SortIdx};
use crate::component::index_space::{ComponentId, Idx};
use crate::facts::Facts;
use crate::facts::effects::Effects;
use crate::inventory::{
    Adapter, ArtifactKind, ExportedFunction, InnerComponent, Inventory, Survival,
};
use crate::location::{ExportName, Location};
use crate::observation::Observation;

/// The inventory of a component, with what may survive calls of the exports that are `wanted` or of whose calls `seen` has
/// causes, with these causes, and with what calls of the exports leave behind that `leaves` chooses.
pub fn with_state(
    facts: &Facts<'_>,
    seen: &Observation,
    wanted: impl Fn(&ExportName) -> bool,
    leaves: impl Fn(&ExportName) -> bool,
) -> Inventory {
    let mut inventory = of(facts);
    let observed = |name: &ExportName| seen.exports.iter().find(|it| it.export == *name);
    let has_causes = |name: &ExportName| observed(name).is_some_and(|it| !it.causes.is_empty());
    let causes = || seen.exports.iter().flat_map(|it| &it.causes);
    let overlap = || {
        let raced = seen.exports.iter().filter(|it| it.causes.iter().any(|it| it.switch.is_some()));
        raced.flat_map(causes::overlapping)
    };
    let makes_difference = |name: &ExportName| {
        causes().any(|cause| cause.after.as_ref() == Some(name)) || overlap().any(|it| it == name)
    };
    let is_shown = |name: &ExportName| wanted(name) || has_causes(name);
    let wanted = |name: &ExportName| is_shown(name) || makes_difference(name);
    let effects = Effects::new(&facts.world, facts.bodies());
    let survivals =
        state::of(&effects, facts.bodies(), &facts.entry_points, &facts.provenance, wanted);
    let mut survivals: FxHashMap<ExportName, Survival> = inventory
        .exports
        .iter()
        .zip(survivals)
        .filter_map(|(export, survival)| Some((export.name.clone(), survival?)))
        .collect();
    for export in &mut inventory.exports {
        if let Some(seen) = observed(&export.name) {
            export.causes = causes::of(facts, seen, &survivals);
        }
    }
    for export in inventory.exports.iter_mut().filter(|it| is_shown(&it.name)) {
        export.survival = survivals.remove(&export.name);
    }
    let leaves = |at: usize| leaves(facts.entry_points[at].name);
    let leftovers = leftovers::of(facts, &effects, leaves);
    for (export, leftovers) in inventory.exports.iter_mut().zip(leftovers) {
        export.leftovers = leftovers;
    }
    inventory
}

/// The inventory of a component.
pub fn of(facts: &Facts<'_>) -> Inventory {
    let component = facts.component;
    let modules = || component.core_modules.iter().map(|(_, module)| module);
    let with_body = |module: &crate::component::core_module::CoreModule<'_>| {
        module.functions.len() - module.imported_funcs()
    };
    let exports = facts.entry_points.iter().map(|entry_point| ExportedFunction {
        name: entry_point.name.clone(),
        signature: entry_point.signature.to_owned(),
        core_function: entry_point.call.as_ref().and_then(|call| facts.function(call.lifted.core)),
        obstacle: entry_point.obstacle.clone(),
        survival: None,
        causes: Vec::new(),
        leftovers: Vec::new(),
        stateless: false,
    });
    let adapters = facts.provenance.adapters.iter().map(|adapter| {
        let module = &component.core_modules[adapter.module];
        Adapter {
            name: adapter.name.clone(),
            flavor: adapter.flavor.to_string(),
            releases: adapter.releases.clone(),
            origin: adapter.origin.clone(),
            matched: adapter.matched,
            location: Location { path: vec![module.step()], span: module.span },
        }
    });
    let toolchains = facts.provenance.toolchains.iter().map(|toolchain| match &toolchain.version {
        Some(version) => format!("{} {version}", toolchain.name),
        None => toolchain.name.to_string(),
    });
    let mut exports: Vec<_> = exports.collect();
    for (export, outcome) in exports.iter_mut().zip(&facts.outcomes) {
        export.stateless = outcome.stateless;
    }
    Inventory {
        kind: ArtifactKind::Component,
        bytes: component.file.len() as u64,
        core_modules: modules().count() as u32,
        functions: modules().map(with_body).sum::<usize>() as u32,
        exports,
        adapters: adapters.collect(),
        toolchains: toolchains.collect(),
        producers: facts.provenance.producers.clone(),
        inner: inner(component),
        unanalysed: unanalysed(facts),
    }
}

/// The components nested in the root that hold core modules, in file order.
pub(crate) fn inner(component: &Component<'_>) -> Vec<InnerComponent> {
    let parents = component.parents();
    let mut core_modules: BTreeMap<ComponentId, Vec<u32>> = BTreeMap::new();
    for (_, module) in component.core_modules.iter() {
        core_modules.entry(module.home).or_default().push(module.id.raw());
        let mut around = parents.get(&module.home);
        while let Some(id) = around.filter(|id| !core_modules.contains_key(*id)) {
            core_modules.insert(*id, Vec::new());
            around = parents.get(id);
        }
    }
    let inner = core_modules.into_iter().filter_map(|(id, core_modules)| {
        let parent = parents.get(&id)?.raw();
        let definition = &component.definitions[id];
        let exports = definition.items.iter().filter_map(|item| match item {
            Item::Export { name, item: SortIdx::Func(_) | SortIdx::Instance(_) } => {
                Some(name.clone())
            }
            _ => None,
        });
        Some(InnerComponent {
            index: id.raw(),
            name: definition.name.map(str::to_owned),
            exports: exports.take(InnerComponent::MOST_EXPORTS).collect(),
            span: definition.span,
            parent,
            core_modules,
        })
    });
    inner.collect()
}

/// The stages whose budget was used up.
fn unanalysed(facts: &Facts<'_>) -> Vec<String> {
    let stages = [("reading", facts.component.omits_functions), ("linking", facts.world.truncated)];
    let exceeded = stages.into_iter().filter(|(_, exceeded)| *exceeded);
    exceeded.map(|(stage, _)| stage.to_owned()).collect()
}
