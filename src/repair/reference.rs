//! Whether what a reference refers to can change. If not, a copy of the reference is a copy of the state.

use std::collections::BTreeSet;

use wasmparser::{
    AbstractHeapType, CompositeInnerType, FieldType, HeapType, Payload, RefType, StorageType,
    UnpackedIndex, ValType,
};

/// The types of a core module, by index.
#[derive(Debug)]
pub(super) struct Types(Vec<Type>);

#[derive(Debug)]
struct Type {
    inner: CompositeInnerType,
    /// Whether no other type can be its subtype, with more fields.
    is_final: bool,
}

impl Types {
    /// The types of the module with these sections.
    pub(super) fn of<'a>(payloads: impl Iterator<Item = Payload<'a>>) -> Self {
        let mut types = Vec::new();
        for payload in payloads {
            let Payload::TypeSection(section) = payload else { continue };
            for group in section.into_iter().map_while(Result::ok) {
                let all = group.into_types();
                types.extend(
                    all.map(|ty| Type { inner: ty.composite_type.inner, is_final: ty.is_final }),
                );
            }
        }
        Types(types)
    }

    /// Whether nothing that a reference of a type leads to can change: functions, whose state is that of their instance, and
    /// immutable data. A reference from outside may stand for anything.
    pub(super) fn is_unchanging(&self, ty: RefType) -> bool {
        self.holds(ty.heap_type(), &mut BTreeSet::new())
    }

    fn holds(&self, ty: HeapType, seen: &mut BTreeSet<u32>) -> bool {
        match ty {
            HeapType::Abstract { ty, .. } => matches!(
                ty,
                AbstractHeapType::Func
                    | AbstractHeapType::NoFunc
                    | AbstractHeapType::NoExtern
                    | AbstractHeapType::I31
                    | AbstractHeapType::None
            ),
            HeapType::Concrete(index) | HeapType::Exact(index) => {
                let UnpackedIndex::Module(index) = index else { return false };
                // Whether a type that refers to itself holds changing data, its other fields tell.
                !seen.insert(index)
                    || self.0.get(index as usize).is_some_and(|ty| match &ty.inner {
                        CompositeInnerType::Func(_) => true,
                        CompositeInnerType::Array(array) => {
                            ty.is_final && self.keeps(&array.0, seen)
                        }
                        CompositeInnerType::Struct(it) => {
                            ty.is_final && it.fields.iter().all(|field| self.keeps(field, seen))
                        }
                        CompositeInnerType::Cont(_) => false,
                    })
            }
        }
    }

    /// Whether a field, and what it refers to, cannot change.
    fn keeps(&self, field: &FieldType, seen: &mut BTreeSet<u32>) -> bool {
        !field.mutable
            && match field.element_type {
                StorageType::Val(ValType::Ref(ty)) => self.holds(ty.heap_type(), seen),
                _ => true,
            }
    }
}
