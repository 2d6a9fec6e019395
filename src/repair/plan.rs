//! What a repair of a component has to rewrite, or why it cannot be repaired.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::types::Types;

use super::exit::Exits;
use super::handles::{self, Tracked};
use super::producers;
use super::refusal::{Refusal, RepairError, Rule};
use super::scan::Scan;
use super::wiring::{CoreFunction, Wiring};
use crate::component::Component;
use crate::component::canonical::{CanonicalFunction, Lift};
use crate::component::definition::{Alias, CoreInstance, Definition, Item, OuterIdx, Sort, Type};
use crate::component::index_space::{CoreModuleId, Idx};
use crate::component::validity;
use crate::facts::instantiation::{ComponentFunc, Instantiation};
use crate::location::{ExportName, Location};

/// What the caller chooses.
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    /// Whether calls of an export go on with the state that the call before left.
    pub keeps: &'a dyn Fn(&ExportName) -> bool,
    /// Whether `wasi:cli/run` returns instead of exiting.
    pub exits: bool,
    /// Whether the result says that it was verified. [`super::verification`] shows it only afterwards.
    pub verified: bool,
}

impl std::fmt::Debug for Choice<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Choice { exits, verified, .. } = self;
        f.debug_struct("Choice").field("exits", exits).field("verified", verified).finish()
    }
}

/// What has to be rewritten.
pub(super) struct Plan<'c> {
    pub(super) wiring: Wiring<'c>,
    /// The types of the root's items.
    pub(super) types: Types,
    /// The state of each core module that is rewritten.
    pub(super) scans: BTreeMap<CoreModuleId, Scan>,
    /// The core instances with state.
    pub(super) stateful: Vec<u32>,
    /// The core instances that resize the memory of another one, and that one.
    pub(super) resizers: BTreeMap<u32, u32>,
    /// The core function and the realloc of each lift.
    pub(super) lifts: Vec<(u32, Option<u32>)>,
    /// The lifts whose calls go on with the state of the call before.
    pub(super) kept: BTreeSet<usize>,
    /// The exports that these lifts are.
    pub(super) keeping: Vec<ExportName>,
    /// Exits that become exceptions.
    pub(super) exits: Exits,
    /// Functions that give or drop handles that are remembered.
    pub(super) tracked: Tracked,
}

impl<'c> Plan<'c> {
    /// Plans the repair of a component.
    ///
    /// # Errors
    /// If it breaks a rule.
    pub(super) fn of(
        component: &'c Component<'c>,
        choice: &Choice<'_>,
    ) -> Result<Self, RepairError> {
        let is_ours = |it: &(&str, &str, &str)| it.1 == producers::NAME;
        if component.root().producers.iter().any(is_ours) {
            let refusal = Refusal { rule: Rule::Repaired, place: component.location() };
            return Err(RepairError::Refused(vec![refusal]));
        }
        let mut refusals = Refusals(Vec::new());
        let wiring = Wiring::of(component);
        refusals.root(component);
        for (_, nested) in component.definitions.iter().skip(1) {
            refusals.nested(nested);
        }
        let mut scans = BTreeMap::new();
        for id in &wiring.modules {
            let module = &component.core_modules[*id];
            let mut scan = Scan::of(module);
            refusals.0.append(&mut scan.refusals);
            scans.insert(*id, scan);
        }
        let module = |id: &CoreModuleId| &component.core_modules[*id];
        // What is written to memory before the first call is written by start functions and data segments.
        let has_foreign_data = wiring.modules.iter().map(module).any(|module| {
            let imports = module.memories.iter().any(|(_, memory)| memory.imported);
            imports && !module.data.is_empty()
        });
        let starts = wiring.modules.iter().map(module).any(|module| module.start.is_some());
        let is_static = !starts && !has_foreign_data;
        if has_foreign_data {
            scans.values_mut().for_each(Scan::has_foreign_data);
        }
        for (id, scan) in scans.iter_mut().filter(|_| is_static) {
            scan.is_static(module(id));
        }
        let (mut stateful, mut resizers) = (Vec::new(), BTreeMap::new());
        for instance in 0..wiring.instances.len() as u32 {
            let Some((module, _)) = wiring.instantiated(instance) else { continue };
            let scan = &scans[&module.id];
            if scan.is_stateful() {
                stateful.push(instance);
            }
            if scan.resizes && scan.memory.is_none() {
                match wiring.memory_of(instance) {
                    Some(memory) => {
                        resizers.insert(instance, memory);
                    }
                    None => refusals.add(
                        Rule::UnknownMemory,
                        Location { path: vec![module.step()], span: module.span },
                    ),
                }
            }
        }
        if stateful.is_empty() {
            refusals.add(Rule::Stateless, component.location());
        }
        let types = validity::validator().validate_all(component.file);
        let types = types.map_err(|error| RepairError::Failed(error.to_string()))?;
        let lifts: Vec<_> = lifts(component.root()).collect();
        if lifts.is_empty() || component.exports.is_empty() {
            refusals.add(Rule::NoExport, component.location());
        }
        let mut functions = Vec::new();
        for lift in &lifts {
            let func = lift.core_func.raw();
            let realloc = lift.options.realloc.map(Idx::raw);
            let is_alias = |func: u32| {
                let alias = wiring.functions.get(func as usize);
                matches!(alias, Some(CoreFunction::Alias { instance, .. }) if wiring.instantiated(*instance).is_some())
            };
            if !is_alias(func) || !realloc.is_none_or(is_alias) {
                refusals.add(Rule::LiftedFunction, component.location());
            }
            if handles::mentions_owned(types.as_ref(), lift.ty.raw()) {
                refusals.add(Rule::OwnedHandle, component.location());
            }
            if lift.options.is_async
                || lift.options.callback.is_some()
                || handles::is_async(types.as_ref(), lift.ty.raw())
            {
                refusals.add(Rule::Async, component.location());
            }
            functions.push((func, realloc));
        }
        if !refusals.0.is_empty() {
            return Err(RepairError::Refused(refusals.0));
        }
        let tracked = Tracked::of(&wiring, types.as_ref());
        let instantiation = Instantiation::of(component);
        let (kept, keeping) = kept(component, &instantiation, choice.keeps);
        let exits = match choice.exits {
            true => Exits::of(component, &instantiation),
            false => Exits::default(),
        };
        Ok(Plan {
            wiring,
            types,
            scans,
            stateful,
            resizers,
            lifts: functions,
            kept,
            keeping,
            exits,
            tracked,
        })
    }

    /// Whether a core module imports functions that resize a memory.
    pub(super) fn imports_size(&self, module: CoreModuleId) -> bool {
        let scan = &self.scans[&module];
        scan.resizes && scan.memory.is_none()
    }
}

fn lifts<'c>(root: &'c Definition<'c>) -> impl Iterator<Item = &'c Lift> {
    root.items.iter().filter_map(|item| match item {
        Item::Canonical(CanonicalFunction::Lift(lift)) => Some(lift),
        _ => None,
    })
}

/// The lifts whose state is kept, by number, and the exports that they are.
fn kept(
    component: &Component<'_>,
    instantiation: &Instantiation<'_>,
    keeps: &dyn Fn(&ExportName) -> bool,
) -> (BTreeSet<usize>, Vec<ExportName>) {
    let mut kept = (BTreeSet::new(), Vec::new());
    for (export, func) in component.exports.iter().zip(&instantiation.exports) {
        if let ComponentFunc::Lifted(lifted) = func
            && keeps(&export.name)
        {
            kept.0.insert(lifted.raw() as usize);
            kept.1.push(export.name.clone());
        }
    }
    kept
}

/// The rules that are broken, each at the first place.
struct Refusals(Vec<Refusal>);

impl Refusals {
    fn add(&mut self, rule: Rule, place: Location) {
        if self.0.iter().all(|it| it.rule != rule) {
            self.0.push(Refusal { rule, place });
        }
    }

    fn root(&mut self, component: &Component<'_>) {
        let root = component.root();
        let place = component.location();
        let mut lifted = false;
        for item in &root.items {
            match item {
                Item::Import { sort: Sort::CoreModule, .. }
                | Item::Alias(Alias::InstanceExport { sort: Sort::CoreModule, .. })
                | Item::Alias(Alias::Outer { item: OuterIdx::CoreModule(_), .. }) => {
                    self.add(Rule::ImportedModule, place.clone());
                }
                Item::Type(Type::Resource { .. }) => self.add(Rule::OwnResource, place.clone()),
                Item::Canonical(CanonicalFunction::Lift(_)) => lifted = true,
                Item::Canonical(canonical) => {
                    if lifted {
                        self.add(Rule::LateInstance, place.clone());
                    }
                    match canonical {
                        CanonicalFunction::Builtin(builtin) => match builtin.name {
                            "resource.drop" => {}
                            "resource.new" | "resource.rep" => {
                                self.add(Rule::OwnResource, place.clone());
                            }
                            _ => self.add(Rule::Async, place.clone()),
                        },
                        CanonicalFunction::Lower(lower) if lower.options.is_async => {
                            self.add(Rule::Async, place.clone());
                        }
                        _ => {}
                    }
                }
                Item::CoreInstance(CoreInstance::Instantiate { .. }) if lifted => {
                    self.add(Rule::LateInstance, place.clone());
                }
                _ => {}
            }
        }
    }

    fn nested(&mut self, nested: &Definition<'_>) {
        let has_code = nested.items.iter().any(|item| {
            matches!(
                item,
                Item::CoreModule(_)
                    | Item::CoreInstance(_)
                    | Item::Canonical(_)
                    | Item::Type(Type::Resource { .. })
                    | Item::Alias(Alias::Outer { item: OuterIdx::CoreModule(_), .. })
            )
        });
        if has_code {
            self.add(Rule::Composed, Location { path: Vec::new(), span: nested.span });
        }
    }
}
