//! The resources of which a component gets handles by its lowered functions, and those of which it drops or passes on any.
//! Resources have no index that holds in the whole file, so the handles are compared while the types are at hand.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType as D, ComponentDefinedTypeId, ComponentFuncTypeId,
    ComponentValType, ResourceId,
};
use wasmparser::types::TypesRef;

use super::canonical::CanonicalFunction;
use super::definition::Item;
use super::index_space::Idx;

/// Deepest nesting of a type; wasmparser allows no more.
const DEEPEST: u32 = 100;
/// Most resources of one type that are kept; with more of them, nothing is said of a function.
const MOST: usize = 64;

type Resources = BTreeSet<ResourceId>;

/// The handles of a component definition, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Handles {
    /// Lowered functions whose results hold handles: the item, and the resources.
    arriving: Vec<(usize, Resources)>,
    /// Resources of which handles are dropped or passed on.
    leaving: Resources,
    /// The resources of which values of a type own handles.
    known: FxHashMap<ComponentDefinedTypeId, Resources>,
}

impl Handles {
    /// Adds the canonical function that is the item `at` of the definition.
    pub(super) fn add(&mut self, types: TypesRef<'_>, at: usize, function: &CanonicalFunction) {
        match function {
            CanonicalFunction::Lower(lower) => {
                let ty = types.component_function_at(lower.func.raw());
                for (_, ty) in &types[ty].params {
                    let passed = self.owned(types, *ty, 0);
                    self.leaving.extend(passed);
                }
                let result = types[ty].result.and_then(|ty| successful(types, ty));
                let result = result.map(|ty| self.owned(types, ty, 0)).unwrap_or_default();
                if !result.is_empty() && result.len() < MOST {
                    self.arriving.push((at, result));
                }
            }
            CanonicalFunction::Lift(lift) => {
                if let ComponentAnyTypeId::Func(ty) = types.component_any_type_at(lift.ty.raw()) {
                    self.answered(types, ty);
                }
            }
            CanonicalFunction::Builtin(builtin) => {
                let ty = builtin.ty.map(|ty| types.component_any_type_at(ty.raw()));
                match ty {
                    Some(ComponentAnyTypeId::Resource(id)) if builtin.name == "resource.drop" => {
                        self.leaving.insert(id.resource());
                    }
                    // What streams and futures carry.
                    Some(ComponentAnyTypeId::Defined(id)) => {
                        let carried = self.owned(types, ComponentValType::Type(id), 0);
                        self.leaving.extend(carried);
                    }
                    _ => {}
                }
            }
        }
    }

    /// What a lifted function returns is passed on.
    fn answered(&mut self, types: TypesRef<'_>, ty: ComponentFuncTypeId) {
        if let Some(ty) = types[ty].result {
            let answered = self.owned(types, ty, 0);
            self.leaving.extend(answered);
        }
    }

    /// Marks the lowered functions that give handles of which the component drops and passes on none.
    pub(super) fn mark(&self, items: &mut [Item<'_>]) {
        for (at, resources) in &self.arriving {
            if let Some(Item::Canonical(CanonicalFunction::Lower(lower))) = items.get_mut(*at) {
                lower.unreleased = resources.iter().any(|it| !self.leaving.contains(it));
            }
        }
    }

    fn owned(&mut self, types: TypesRef<'_>, ty: ComponentValType, depth: u32) -> Resources {
        let ComponentValType::Type(id) = ty else { return Resources::default() };
        if depth > DEEPEST {
            return Resources::default();
        }
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        let mut all = Resources::default();
        let mut add = |ty: Option<ComponentValType>| {
            let Some(ty) = ty.filter(|_| all.len() < MOST) else { return };
            all.extend(self.owned(types, ty, depth + 1));
        };
        match &types[id] {
            D::Record(record) => record.fields.values().for_each(|ty| add(Some(*ty))),
            D::Variant(variant) => variant.cases.values().for_each(|case| add(case.ty)),
            D::Tuple(tuple) => tuple.types.iter().for_each(|ty| add(Some(*ty))),
            D::List { element, .. } | D::FixedLengthList { element, .. } => add(Some(*element)),
            D::Map { key, value, .. } => [key, value].iter().for_each(|ty| add(Some(**ty))),
            D::Option { ty, .. } => add(Some(*ty)),
            D::Result { ok, err, .. } => [ok, err].iter().for_each(|ty| add(**ty)),
            D::Future { ty, .. } | D::Stream { ty, .. } => add(*ty),
            D::Own(resource) => {
                all.insert(resource.resource());
            }
            D::Primitive(_) | D::Flags(_) | D::Enum(_) | D::Borrow(_) => {}
        }
        self.known.insert(id, all.clone());
        all
    }
}

/// The type without the error that it may be instead: errors are rare.
fn successful(types: TypesRef<'_>, ty: ComponentValType) -> Option<ComponentValType> {
    match ty {
        ComponentValType::Type(id) => match &types[id] {
            D::Result { ok, .. } => *ok,
            _ => Some(ty),
        },
        ComponentValType::Primitive(_) => Some(ty),
    }
}
