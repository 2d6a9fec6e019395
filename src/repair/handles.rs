//! Which handles of imported resources a repaired component remembers, and which functions give and drop them.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use wasmparser::PrimitiveValType;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType as D, ComponentDefinedTypeId, ComponentFuncTypeId,
    ComponentValType, ResourceId,
};
use wasmparser::types::TypesRef;

use super::wiring::{CoreFunction, Wiring};
use crate::component::canonical::CanonicalFunction;
use crate::component::index_space::Idx;

/// What a canonical function does with a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Returns an owned handle.
    Gives,
    /// Writes a list of pairs of an owned handle and a string behind its last parameter, in a memory with this index.
    GivesList(u32),
    /// Drops its parameter.
    Drops,
}

/// The functions that give or drop handles of the kinds that are remembered.
#[derive(Debug, Default)]
pub(super) struct Tracked {
    /// By the index of the core function: what it does, and the number of the kind.
    pub(super) functions: BTreeMap<u32, (Use, usize)>,
    /// For each kind, a core function that drops such a handle.
    pub(super) kinds: Vec<u32>,
}

/// Types nest no deeper, by wasmparser's limit.
const DEEPEST: u32 = 100;

impl Tracked {
    /// A resource is remembered if a lowered function returns a handle to it, no lowered function takes one away, and the
    /// component can drop it.
    pub(super) fn of(wiring: &Wiring<'_>, types: TypesRef<'_>) -> Tracked {
        let mut drops: Vec<(ResourceId, u32)> = Vec::new();
        let mut gives: Vec<(ResourceId, u32, Use)> = Vec::new();
        let mut taken = Owned::new(types);
        for (index, function) in (0..).zip(&wiring.functions) {
            let CoreFunction::Canonical(canonical) = function else { continue };
            match canonical {
                CanonicalFunction::Builtin(builtin) if builtin.name == "resource.drop" => {
                    let ty = builtin.ty.map(|ty| types.component_any_type_at(ty.raw()));
                    if let Some(ComponentAnyTypeId::Resource(id)) = ty {
                        drops.push((id.resource(), index));
                    }
                }
                CanonicalFunction::Lower(lower) => {
                    let ty = &types[types.component_function_at(lower.func.raw())];
                    for (_, ty) in ty.params.iter() {
                        taken.visit(*ty, 0);
                    }
                    let memory = lower.options.memory.map(Idx::raw);
                    gives.extend(ty.result.and_then(|ty| {
                        let (resource, how) = given(types, ty, memory)?;
                        Some((resource, index, how))
                    }));
                }
                _ => {}
            }
        }
        let mut kinds: Vec<(ResourceId, u32)> = Vec::new();
        for (resource, _, _) in &gives {
            let drop = drops.iter().find(|(it, _)| it == resource);
            if let Some(drop) = drop
                && !taken.resources.contains(resource)
                && !kinds.contains(drop)
            {
                kinds.push(*drop);
            }
        }
        let kind_of = |resource: ResourceId| kinds.iter().position(|(known, _)| *known == resource);
        let drops = drops.iter().map(|(resource, func)| (*resource, *func, Use::Drops));
        let functions = gives.iter().copied().chain(drops);
        let functions =
            functions.filter_map(|(resource, func, how)| Some((func, (how, kind_of(resource)?))));
        Tracked {
            functions: functions.collect(),
            kinds: kinds.iter().map(|(_, drop)| *drop).collect(),
        }
    }
}

impl Tracked {
    /// Whether all functions that give owned handles, streams or futures are known.
    pub(super) fn is_complete(&self, wiring: &Wiring<'_>, types: TypesRef<'_>) -> bool {
        (0..).zip(&wiring.functions).all(|(index, function)| {
            let CoreFunction::Canonical(CanonicalFunction::Lower(lower)) = function else {
                return true;
            };
            let mut owned = Owned::new(types);
            let result = types[types.component_function_at(lower.func.raw())].result;
            result.into_iter().for_each(|ty| owned.visit(ty, 0));
            let gives = owned.channels || !owned.resources.is_empty();
            !gives || self.functions.contains_key(&index)
        })
    }
}

/// The resource of which a result holds owned handles, if the result has a shape that is remembered.
fn given(
    types: TypesRef<'_>,
    ty: ComponentValType,
    memory: Option<u32>,
) -> Option<(ResourceId, Use)> {
    let ComponentValType::Type(id) = ty else { return None };
    match &types[id] {
        D::Own(id) => Some((id.resource(), Use::Gives)),
        D::List { element: ComponentValType::Type(element), .. } => {
            let D::Tuple(tuple) = &types[*element] else { return None };
            let pair: Vec<_> = tuple.types.iter().collect();
            let [ComponentValType::Type(first), second] = pair[..] else { return None };
            let D::Own(id) = &types[*first] else { return None };
            let is_string = match second {
                ComponentValType::Primitive(ty) => *ty == PrimitiveValType::String,
                ComponentValType::Type(_) => false,
            };
            is_string.then_some((id.resource(), Use::GivesList(memory?)))
        }
        _ => None,
    }
}

/// The owned handles in types.
struct Owned<'t> {
    types: TypesRef<'t>,
    /// Types may share parts; each is visited once.
    visited: FxHashSet<ComponentDefinedTypeId>,
    resources: Vec<ResourceId>,
    /// Whether there is a stream or a future.
    channels: bool,
}

impl<'t> Owned<'t> {
    fn new(types: TypesRef<'t>) -> Self {
        Owned { types, visited: FxHashSet::default(), resources: Vec::new(), channels: false }
    }

    fn visit(&mut self, ty: ComponentValType, depth: u32) {
        let ComponentValType::Type(id) = ty else { return };
        if depth > DEEPEST || !self.visited.insert(id) {
            return;
        }
        let parts: Vec<ComponentValType> = match &self.types[id] {
            D::Own(id) => return self.resources.push(id.resource()),
            D::Future { .. } | D::Stream { .. } => {
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

/// Whether a parameter or the result of a function type holds an owned handle, a stream or a future.
pub(super) fn mentions_owned(types: TypesRef<'_>, ty: u32) -> bool {
    let Some(id) = function(types, ty) else { return false };
    let mut owned = Owned::new(types);
    let all = types[id].params.iter().map(|(_, ty)| *ty).chain(types[id].result);
    all.for_each(|ty| owned.visit(ty, 0));
    owned.channels || !owned.resources.is_empty()
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
