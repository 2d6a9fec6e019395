//! A part of a component: a definition that lifts functions, with what has to be rewritten in it.

use std::collections::BTreeMap;

use wasmparser::types::Types;

use super::composition::{Callers, Composition};
use super::handles::{self, Tracked};
use super::refusal::{Refusals, Rule};
use super::scan::Scan;
use super::wiring::{CoreFunction, Wiring};
use crate::component::Component;
use crate::component::canonical::{CanonicalFunction, Lift};
use crate::component::definition::{Alias, CoreInstance, Definition, Item, OuterIdx, Sort};
use crate::component::index_space::{CoreModuleId, Idx};
use crate::location::Location;

/// A lifted function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lifted {
    /// The core function.
    pub(super) function: u32,
    /// The function that allocates its arguments.
    pub(super) realloc: Option<u32>,
    /// The memory through which values pass.
    pub(super) memory: Option<u32>,
    pub(super) callers: Callers,
    /// Whether calls go on with the state of the call before.
    pub(super) keeps: bool,
    /// Whether an exit ends it with the result that says how.
    pub(super) catches: bool,
}

/// A memory that another core instance resizes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resized {
    /// The index that the other one has for it.
    pub(super) import: u32,
    /// The core instance that defines it, and the index there.
    pub(super) home: u32,
    pub(super) memory: u32,
}

/// A part of a component.
pub(super) struct Part<'c> {
    pub(super) wiring: Wiring<'c>,
    /// The types of its items.
    pub(super) types: Types,
    /// The core instances with state.
    pub(super) stateful: Vec<u32>,
    /// The memories of others that each core instance resizes.
    pub(super) resizers: BTreeMap<u32, Vec<Resized>>,
    pub(super) lifts: Vec<Lifted>,
    /// Handles that are remembered.
    pub(super) tracked: Tracked,
}

impl<'c> Part<'c> {
    /// Plans the repair of a part. `scans` has the state of each core module; `keeps` says whether calls of a lift, by its
    /// number, go on with the state of the call before.
    pub(super) fn of(
        component: &'c Component<'c>,
        definition: &'c Definition<'c>,
        (types, scans): (Types, &BTreeMap<CoreModuleId, Scan>),
        composition: &Composition,
        keeps: &dyn Fn(usize) -> bool,
        refusals: &mut Refusals,
    ) -> Self {
        let wiring = Wiring::of(component, definition);
        let place = Location { path: Vec::new(), span: definition.span };
        refuse(definition, &place, refusals);
        let (mut stateful, mut resizers) = (Vec::new(), BTreeMap::new());
        for instance in 0..wiring.instances.len() as u32 {
            let Some((module, _)) = wiring.instantiated(instance) else { continue };
            let scan = &scans[&module.id];
            if scan.is_stateful() {
                stateful.push(instance);
            }
            for import in scan.resized.iter().copied() {
                match wiring.memory_of(instance, import) {
                    Some((home, memory)) => {
                        let resized: &mut Vec<_> = resizers.entry(instance).or_default();
                        resized.push(Resized { import, home, memory });
                    }
                    None => refusals.add(
                        Rule::UnknownMemory,
                        Location { path: vec![module.step()], span: module.span },
                    ),
                }
            }
        }
        let mut lifts = Vec::new();
        let mut lift_types = Vec::new();
        for (number, lift) in self::lifts(definition).enumerate() {
            let function = lift.core_func.raw();
            let realloc = lift.options.realloc.map(Idx::raw);
            let is_alias = |func: u32| {
                let alias = wiring.functions.get(func as usize);
                matches!(alias, Some(CoreFunction::Alias { instance, .. }) if wiring.instantiated(*instance).is_some())
            };
            if !is_alias(function) || !realloc.is_none_or(is_alias) {
                refusals.add(Rule::LiftedFunction, place.clone());
            }
            let ty = lift.ty.raw();
            if lift.options.is_async
                || lift.options.callback.is_some()
                || handles::is_async(types.as_ref(), ty)
                || handles::has_channels(types.as_ref(), ty)
            {
                refusals.add(Rule::Async, place.clone());
            }
            lift_types.push(ty);
            lifts.push(Lifted {
                function,
                realloc,
                memory: lift.options.memory.map(Idx::raw),
                callers: composition.callers_of(definition.id, number),
                keeps: keeps(number),
                catches: false,
            });
        }
        let tracked = Tracked::of(&wiring, types.as_ref(), &lift_types);
        Part { wiring, types, stateful, resizers, lifts, tracked }
    }

    /// Whether it defines resources.
    pub(super) fn has_resources(&self) -> bool {
        !self.wiring.resources.is_empty()
    }

    /// Whether handles are remembered or resources counted.
    pub(super) fn has_ledger(&self) -> bool {
        self.has_resources() || !self.tracked.resources.is_empty()
    }
}

fn lifts<'c>(definition: &'c Definition<'c>) -> impl Iterator<Item = &'c Lift> {
    definition.items.iter().filter_map(|item| match item {
        Item::Canonical(CanonicalFunction::Lift(lift)) => Some(lift),
        _ => None,
    })
}

fn refuse(definition: &Definition<'_>, place: &Location, refusals: &mut Refusals) {
    let mut lifted = false;
    for item in &definition.items {
        match item {
            Item::Import { sort: Sort::CoreModule, .. }
            | Item::Alias(Alias::InstanceExport { sort: Sort::CoreModule, .. })
            | Item::Alias(Alias::Outer { item: OuterIdx::CoreModule(_), .. }) => {
                refusals.add(Rule::ImportedModule, place.clone());
            }
            Item::Canonical(CanonicalFunction::Lift(_)) => lifted = true,
            Item::Canonical(canonical) => {
                if lifted {
                    refusals.add(Rule::LateInstance, place.clone());
                }
                match canonical {
                    CanonicalFunction::Builtin(builtin) => match builtin.name {
                        "resource.drop" | "resource.new" | "resource.rep" => {}
                        _ => refusals.add(Rule::Async, place.clone()),
                    },
                    CanonicalFunction::Lower(lower) if lower.options.is_async => {
                        refusals.add(Rule::Async, place.clone());
                    }
                    _ => {}
                }
            }
            Item::CoreInstance(CoreInstance::Instantiate { .. }) if lifted => {
                refusals.add(Rule::LateInstance, place.clone());
            }
            _ => {}
        }
    }
}
