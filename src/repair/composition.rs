//! Which component definitions hold code, and who calls the functions that they lift: the host, or another part.

use std::collections::{BTreeMap, BTreeSet};

use super::refusal::{Refusals, Rule};
use crate::component::Component;
use crate::component::canonical::CanonicalFunction;
use crate::component::definition::{Alias, Definition, Instance, Item, OuterIdx, Sort, SortIdx};
use crate::component::index_space::{ComponentId, Idx};
use crate::facts::instantiation::{ComponentFunc, ComponentInstanceId, Instantiation};
use crate::location::{ExportName, Location};

/// Who calls a lifted function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Callers {
    pub(super) host: bool,
    pub(super) parts: bool,
}

/// The component definitions with code.
#[derive(Debug, Default)]
pub(super) struct Composition {
    /// Definitions that lift functions: the parts.
    pub(super) parts: BTreeSet<ComponentId>,
    /// Definitions that instantiate parts, or others that do.
    composers: BTreeSet<ComponentId>,
    /// The definition that stands at each component index of a definition.
    components: BTreeMap<ComponentId, Vec<Option<ComponentId>>>,
    /// The callers of each part's lifts, by number.
    callers: BTreeMap<(ComponentId, usize), Callers>,
    /// The exports that each lift is.
    exports: BTreeMap<(ComponentId, usize), Vec<ExportName>>,
    /// Lowers of the host's exit, by part and number.
    pub(super) exits: BTreeSet<(ComponentId, usize)>,
}

/// What stands at the indices of a definition, as far as it matters here.
#[derive(Default)]
struct Scope {
    components: Vec<Option<ComponentId>>,
    /// For each instance, the definition that it instantiates, if it is no bundle or alias.
    instances: Vec<Option<ComponentId>>,
}

impl Composition {
    /// Looks at all definitions of a component, and adds what cannot be followed to `refusals`.
    pub(super) fn of<'c>(
        component: &'c Component<'c>,
        instantiation: &Instantiation<'c>,
        refusals: &mut Refusals,
    ) -> Self {
        let mut composition = Composition::default();
        for (id, definition) in component.definitions.iter() {
            if lifts(definition) > 0 {
                composition.parts.insert(id);
            }
        }
        let scopes = scopes(component);
        // A definition instantiates only earlier ones, or nested ones.
        loop {
            let before = composition.composers.len();
            for (id, scope) in &scopes {
                let made = scope.instances.iter().flatten();
                if made.into_iter().any(|it| composition.has_code(*it)) {
                    composition.composers.insert(*id);
                }
            }
            if composition.composers.len() == before {
                break;
            }
        }
        for (id, definition) in component.definitions.iter() {
            composition.refuse(definition, &scopes[&id], refusals);
        }
        composition.callers(component, instantiation);
        let components = scopes.into_iter().map(|(id, scope)| (id, scope.components));
        composition.components = components.collect();
        composition
    }

    /// Whether an instance of what stands at a component index of a definition has code.
    pub(super) fn makes_code(&self, definition: ComponentId, component: u32) -> bool {
        let components = self.components.get(&definition);
        let made = components.and_then(|it| it.get(component as usize).copied().flatten());
        made.is_some_and(|it| self.has_code(it))
    }

    /// Whether a definition lifts functions, or instantiates one that does.
    pub(super) fn has_code(&self, definition: ComponentId) -> bool {
        self.parts.contains(&definition) || self.composers.contains(&definition)
    }

    /// Whether the parts are in nested components.
    pub(super) fn is_composed(&self) -> bool {
        !self.composers.is_empty()
    }

    /// The callers of a lift.
    pub(super) fn callers_of(&self, part: ComponentId, lift: usize) -> Callers {
        self.callers.get(&(part, lift)).copied().unwrap_or_default()
    }

    /// The exports that a lift is.
    pub(super) fn exports_of(&self, part: ComponentId, lift: usize) -> &[ExportName] {
        self.exports.get(&(part, lift)).map_or(&[], Vec::as_slice)
    }

    /// The parts of which the host and another part call the same function.
    pub(super) fn shared(&self) -> BTreeSet<ComponentId> {
        let shared = self.callers.iter().filter(|(_, it)| it.host && it.parts);
        shared.map(|((part, _), _)| *part).collect()
    }

    fn refuse(&self, definition: &Definition<'_>, scope: &Scope, refusals: &mut Refusals) {
        let place = Location { path: Vec::new(), span: definition.span };
        let id = definition.id;
        if self.parts.contains(&id) && self.composers.contains(&id) {
            refusals.add(Rule::Composed, place.clone());
        }
        let has_code = |id: &Option<ComponentId>| id.is_none_or(|id| self.has_code(id));
        let instance = |at: u32| scope.instances.get(at as usize).copied().flatten();
        for item in &definition.items {
            let is_unknown = match item {
                Item::Instance(Instance::Instantiate { component, arguments }) => {
                    let made = scope.components.get(component.raw() as usize);
                    made.is_none_or(Option::is_none)
                        || arguments.iter().any(|(_, it)| match it {
                            SortIdx::Component(it) => {
                                scope.components.get(it.raw() as usize).is_none_or(has_code)
                            }
                            _ => false,
                        })
                }
                Item::Export { item: SortIdx::Component(it), .. } => {
                    scope.components.get(it.raw() as usize).is_none_or(has_code)
                }
                // It would export what is added to the part.
                Item::Export { item: SortIdx::Instance(it), .. } => {
                    id.raw() == 0 && instance(it.raw()).is_some_and(|it| self.has_code(it))
                }
                _ => false,
            };
            if is_unknown {
                refusals.add(Rule::ComponentItem, place.clone());
            }
        }
    }

    fn callers<'c>(&mut self, component: &'c Component<'c>, world: &Instantiation<'c>) {
        let mut lifts = Numbers::default();
        let places: Vec<_> =
            world.lifted.iter().map(|(_, lifted)| lifts.next(world, lifted.home)).collect();
        let place = |func: &ComponentFunc| match func {
            ComponentFunc::Lifted(id) => places.get(id.raw() as usize).copied(),
            _ => None,
        };
        for (export, func) in component.exports.iter().zip(&world.exports) {
            if let Some(place) = place(func) {
                self.callers.entry(place).or_default().host = true;
                self.exports.entry(place).or_default().push(export.name.clone());
            }
        }
        let mut lowers = Numbers::default();
        let mut others = BTreeSet::new();
        for (_, lowered) in world.lowered.iter() {
            let number = lowers.next(world, lowered.home);
            if let Some(place) = place(&lowered.target) {
                self.callers.entry(place).or_default().parts = true;
            }
            let is_exit = match &lowered.target {
                ComponentFunc::Imported { instance: Some(instance), .. } => {
                    instance.split('@').next() == Some("wasi:cli/exit")
                }
                _ => false,
            };
            // A part that is instantiated twice may exit in one instance only.
            if is_exit { &mut self.exits } else { &mut others }.insert(number);
        }
        self.exits.retain(|it| !others.contains(it));
    }
}

/// Counts the canonical functions of each instance: they are numbered in the order of its definition's items.
#[derive(Default)]
struct Numbers(BTreeMap<ComponentInstanceId, usize>);

impl Numbers {
    fn next(
        &mut self,
        world: &Instantiation<'_>,
        home: ComponentInstanceId,
    ) -> (ComponentId, usize) {
        let number = self.0.entry(home).or_default();
        *number += 1;
        (world.component_instances[home], *number - 1)
    }
}

/// How many functions a definition lifts.
fn lifts(definition: &Definition<'_>) -> usize {
    let is_lift = |item: &&Item<'_>| matches!(item, Item::Canonical(CanonicalFunction::Lift(_)));
    definition.items.iter().filter(is_lift).count()
}

fn scopes(component: &Component<'_>) -> BTreeMap<ComponentId, Scope> {
    let mut parents = BTreeMap::new();
    let mut scopes: BTreeMap<ComponentId, Scope> = BTreeMap::new();
    // An enclosing definition comes before those nested in it.
    for (id, definition) in component.definitions.iter() {
        let mut scope = Scope::default();
        for item in &definition.items {
            match item {
                Item::Component(nested) => {
                    parents.insert(*nested, id);
                    scope.components.push(Some(*nested));
                }
                Item::Alias(Alias::Outer { count, item: OuterIdx::Component(at) }) => {
                    let mut home = Some(id);
                    for _ in 0..*count {
                        home = home.and_then(|home| parents.get(&home).copied());
                    }
                    let of = home.and_then(|home| match home == id {
                        true => scope.components.get(at.raw() as usize).copied(),
                        false => scopes.get(&home)?.components.get(at.raw() as usize).copied(),
                    });
                    scope.components.push(of.flatten());
                }
                Item::Instance(Instance::Instantiate { component, .. }) => {
                    let of = scope.components.get(component.raw() as usize).copied().flatten();
                    scope.instances.push(of);
                }
                Item::Instance(Instance::FromExports(_)) => scope.instances.push(None),
                Item::Import { sort, .. } | Item::Alias(Alias::InstanceExport { sort, .. }) => {
                    match sort {
                        Sort::Component => scope.components.push(None),
                        Sort::Instance => scope.instances.push(None),
                        _ => {}
                    }
                }
                Item::Export { item, .. } => match item {
                    SortIdx::Component(at) => {
                        let of = scope.components.get(at.raw() as usize).copied().flatten();
                        scope.components.push(of);
                    }
                    SortIdx::Instance(at) => {
                        let of = scope.instances.get(at.raw() as usize).copied().flatten();
                        scope.instances.push(of);
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        scopes.insert(id, scope);
    }
    scopes
}
