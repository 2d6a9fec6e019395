//! Which handles of imported resources a repaired component remembers, and which functions give, take and drop them.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use wasmparser::PrimitiveValType;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType as D, ComponentDefinedTypeId, ComponentEntityType,
    ComponentFuncTypeId, ComponentValType, ResourceId,
};
use wasmparser::types::TypesRef;

use super::walk::{MOST_PLACES, Walk};
use super::wiring::{CoreFunction, Wiring};
use crate::component::canonical::CanonicalFunction;
use crate::component::index_space::Idx;

/// How a handle of a remembered resource is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Release {
    /// By a core function that the component has, by its index.
    Function(u32),
    /// By a builtin that is added for a type, by its index.
    Type(u32),
    /// By one that is added for a type that an instance exports, by the instance's index and the export's name.
    Export(u32, String),
}

/// The resources whose handles are remembered, and the functions that give, take or drop them.
#[derive(Debug, Default)]
pub(super) struct Tracked {
    /// The resources.
    pub(super) resources: Vec<ResourceId>,
    /// How each of them is dropped.
    pub(super) releases: Vec<Release>,
    /// The core functions that are lowered and whose types have such handles.
    pub(super) lowered: BTreeMap<u32, ComponentFuncTypeId>,
    /// The core functions that drop one, and the number of the resource.
    pub(super) drops: BTreeMap<u32, usize>,
    /// The lifts whose types have such handles, by number.
    pub(super) lifted: BTreeMap<usize, ComponentFuncTypeId>,
    /// Whether the component gives such handles away.
    pub(super) gives: bool,
    /// Whether each handle that a lowered function gives is remembered.
    pub(super) is_complete: bool,
}

/// Types nest no deeper, by wasmparser's limit.
const DEEPEST: u32 = 100;

/// A function with handles in its type.
struct Signature {
    id: ComponentFuncTypeId,
    /// Resources of which it takes handles, owned or not, and those of which it gives owned ones.
    takes: Vec<ResourceId>,
    gives: Vec<ResourceId>,
    /// Whether it gives streams, futures or error contexts.
    channels: bool,
    is_lifted: bool,
}

impl Tracked {
    /// A resource that the component imports is remembered if the component gets handles to it and can drop them, and no
    /// function gives handles that are not remembered for one of it: such a handle may be its child, and a resource with
    /// children cannot be dropped.
    pub(super) fn of(wiring: &Wiring<'_>, types: TypesRef<'_>, lifts: &[u32]) -> Tracked {
        let mut drops: BTreeMap<u32, ResourceId> = BTreeMap::new();
        let mut lowered = BTreeMap::new();
        let mut signatures = Vec::new();
        for (index, function) in (0..).zip(&wiring.functions) {
            let CoreFunction::Canonical(canonical) = function else { continue };
            match canonical {
                CanonicalFunction::Builtin(builtin) if builtin.name == "resource.drop" => {
                    let ty = builtin.ty.map(|ty| types.component_any_type_at(ty.raw()));
                    if let Some(ComponentAnyTypeId::Resource(id)) = ty {
                        drops.insert(index, id.resource());
                    }
                }
                CanonicalFunction::Lower(lower) => {
                    let id = types.component_function_at(lower.func.raw());
                    lowered.insert(index, id);
                    signatures.push(Signature::of(types, id, false));
                }
                _ => {}
            }
        }
        let lifted = lifts.iter().enumerate();
        let lifted = lifted.filter_map(|(number, ty)| Some((number, function(types, *ty)?)));
        let lifted: BTreeMap<_, _> = lifted.collect();
        signatures.extend(lifted.values().map(|id| Signature::of(types, *id, true)));
        let mut known = releases(wiring, types, &drops, &signatures);
        retain_childless(&mut known, &signatures);
        let resources: Vec<_> = known.iter().map(|(resource, _)| *resource).collect();
        // A signature with too many places makes its resources unknown.
        let mut walk = Walk::new(types, &resources, &[], 0);
        let mut is_large = |id: &ComponentFuncTypeId| {
            let (params, result) = walk.places(*id);
            params.saturating_add(result) > MOST_PLACES
        };
        let large: FxHashSet<_> =
            signatures.iter().map(|it| it.id).filter(|id| is_large(id)).collect();
        let is_in_large = |resource: &ResourceId| {
            let mut large = signatures.iter().filter(|it| large.contains(&it.id));
            large.any(|it| it.takes.contains(resource) || it.gives.contains(resource))
        };
        known.retain(|(resource, _)| !is_in_large(resource));
        retain_childless(&mut known, &signatures);
        let resources: Vec<_> = known.iter().map(|(resource, _)| *resource).collect();
        let mut walk = Walk::new(types, &resources, &[], 0);
        let gives = lowered.values().any(|id| walk.places(*id).0 > 0)
            || lifted.values().any(|id| walk.places(*id).1 > 0);
        let mut has_handles = |id: &ComponentFuncTypeId| walk.places(*id) != (0, 0);
        let kind = |resource: &ResourceId| resources.iter().position(|it| it == resource);
        let is_known =
            |it: &Signature| !it.channels && it.gives.iter().all(|it| resources.contains(it));
        Tracked {
            gives,
            is_complete: signatures.iter().filter(|it| !it.is_lifted).all(is_known),
            lowered: lowered.into_iter().filter(|(_, id)| has_handles(id)).collect(),
            lifted: lifted.into_iter().filter(|(_, id)| has_handles(id)).collect(),
            drops: drops.iter().filter_map(|(func, it)| Some((*func, kind(it)?))).collect(),
            releases: known.iter().map(|(_, release)| release.clone()).collect(),
            resources,
        }
    }
}

/// The resources of which the component gets handles that it can drop.
fn releases(
    wiring: &Wiring<'_>,
    types: TypesRef<'_>,
    drops: &BTreeMap<u32, ResourceId>,
    signatures: &[Signature],
) -> Vec<(ResourceId, Release)> {
    let defined: FxHashSet<_> =
        wiring.resources.iter().filter_map(|ty| resource(types, *ty)).collect();
    let mut known: Vec<(ResourceId, Release)> = Vec::new();
    let gained = signatures.iter().flat_map(|it| if it.is_lifted { &it.takes } else { &it.gives });
    let mut seen = FxHashSet::default();
    for gained in gained {
        if defined.contains(gained) || !seen.insert(*gained) {
            continue;
        }
        let drop = drops.iter().find(|(_, it)| *it == gained);
        let drop = drop.map(|(function, _)| Release::Function(*function)).or_else(|| {
            let mut types =
                (0..wiring.early_types).filter(|ty| resource(types, *ty) == Some(*gained));
            types.next().map(Release::Type)
        });
        let drop = drop.or_else(|| exported(wiring, types, *gained));
        known.extend(drop.map(|drop| (*gained, drop)));
    }
    known
}

/// The first export of an instance that is a resource's type.
fn exported(wiring: &Wiring<'_>, types: TypesRef<'_>, resource: ResourceId) -> Option<Release> {
    (0..wiring.early_instances).find_map(|instance| {
        let exports = &types[types.component_instance_at(instance)].exports;
        let (name, _) = exports.iter().find(|(_, item)| match item.ty {
            ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } => {
                id.resource() == resource
            }
            _ => false,
        })?;
        Some(Release::Export(instance, name.clone()))
    })
}

/// Removes resources of which children may be unknown.
fn retain_childless(known: &mut Vec<(ResourceId, Release)>, signatures: &[Signature]) {
    loop {
        let before = known.len();
        let names: FxHashSet<_> = known.iter().map(|(resource, _)| *resource).collect();
        let gives_unknown = |it: &&Signature| {
            !it.is_lifted && it.gives.iter().any(|resource| !names.contains(resource))
        };
        let parents: FxHashSet<_> = signatures
            .iter()
            .filter(gives_unknown)
            .flat_map(|it| it.takes.iter().copied())
            .collect();
        known.retain(|(resource, _)| !parents.contains(resource));
        if known.len() == before {
            return;
        }
    }
}

fn resource(types: TypesRef<'_>, ty: u32) -> Option<ResourceId> {
    match types.component_any_type_at(ty) {
        ComponentAnyTypeId::Resource(id) => Some(id.resource()),
        _ => None,
    }
}

impl Signature {
    fn of(types: TypesRef<'_>, id: ComponentFuncTypeId, is_lifted: bool) -> Self {
        let (mut params, mut result) = (Handles::new(types), Handles::new(types));
        types[id].params.iter().for_each(|(_, ty)| params.visit(*ty, 0));
        types[id].result.iter().for_each(|ty| result.visit(*ty, 0));
        let borrowed = if is_lifted { Vec::new() } else { params.borrowed };
        let takes = params.owned.into_iter().chain(borrowed).collect();
        let channels = result.channels;
        Signature { id, takes, gives: result.owned, channels, is_lifted }
    }
}

/// The handles in types.
struct Handles<'t> {
    types: TypesRef<'t>,
    /// Types may share parts; each is visited once.
    visited: FxHashSet<ComponentDefinedTypeId>,
    owned: Vec<ResourceId>,
    borrowed: Vec<ResourceId>,
    /// Whether there is a stream, a future or an error context.
    channels: bool,
}

impl<'t> Handles<'t> {
    fn new(types: TypesRef<'t>) -> Self {
        Handles {
            types,
            visited: FxHashSet::default(),
            owned: Vec::new(),
            borrowed: Vec::new(),
            channels: false,
        }
    }

    fn visit(&mut self, ty: ComponentValType, depth: u32) {
        let id = match ty {
            ComponentValType::Primitive(ty) => {
                self.channels |= ty == PrimitiveValType::ErrorContext;
                return;
            }
            ComponentValType::Type(id) => id,
        };
        if depth > DEEPEST || !self.visited.insert(id) {
            return;
        }
        let parts: Vec<ComponentValType> = match &self.types[id] {
            D::Own(id) => return self.owned.push(id.resource()),
            D::Borrow(id) => return self.borrowed.push(id.resource()),
            D::Future { .. } | D::Stream { .. } | D::Primitive(PrimitiveValType::ErrorContext) => {
                self.channels = true;
                return;
            }
            D::Record(record) => record.fields.values().copied().collect(),
            D::Variant(variant) => variant.cases.values().filter_map(|case| case.ty).collect(),
            D::List { element, .. } | D::FixedLengthList { element, .. } => vec![*element],
            D::Map { key, value, .. } => vec![*key, *value],
            D::Tuple(tuple) => tuple.types.to_vec(),
            D::Option { ty, .. } => vec![*ty],
            D::Result { ok, err, .. } => ok.iter().chain(err).copied().collect(),
            _ => Vec::new(),
        };
        for part in parts {
            self.visit(part, depth + 1);
        }
    }
}

/// Whether a parameter or the result of a function type holds a stream, a future or an error context.
pub(super) fn has_channels(types: TypesRef<'_>, ty: u32) -> bool {
    let Some(id) = function(types, ty) else { return false };
    let mut handles = Handles::new(types);
    let all = types[id].params.iter().map(|(_, ty)| *ty).chain(types[id].result);
    all.for_each(|ty| handles.visit(ty, 0));
    handles.channels
}

/// Whether a function type is async.
pub(super) fn is_async(types: TypesRef<'_>, ty: u32) -> bool {
    function(types, ty).is_some_and(|id| types[id].async_)
}

fn function(types: TypesRef<'_>, ty: u32) -> Option<ComponentFuncTypeId> {
    match types.component_any_type_at(ty) {
        ComponentAnyTypeId::Func(id) => Some(id),
        _ => None,
    }
}
