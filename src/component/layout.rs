//! How many bytes a value takes in a linear memory, by the canonical ABI.
//!
//! Source: component-model, `design/mvp/CanonicalABI.md`, `elem_size` and `alignment`, for 32-bit memories.

use rustc_hash::FxHashMap;
use wasmparser::PrimitiveValType as P;
use wasmparser::component_types::{
    ComponentDefinedType as D, ComponentDefinedTypeId, ComponentFuncTypeId, ComponentValType,
};
use wasmparser::types::TypesRef;

use super::canonical::ResultArea;

/// Most results that are returned as core values (`MAX_FLAT_RESULTS`).
pub(crate) const MOST_FLAT_RESULTS: u64 = 1;
/// Most parameters that are passed as core values (`MAX_FLAT_PARAMS`).
pub(crate) const MOST_FLAT_PARAMS: u64 = 16;
/// Most parameters that an asynchronous lowering passes as core values (`MAX_FLAT_ASYNC_PARAMS`).
const MOST_FLAT_ASYNC_PARAMS: u64 = 4;
/// Deepest nesting of a type; wasmparser allows no more.
const DEEPEST: u32 = 100;

/// Size, alignment (both in bytes) and number of core values of a type.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Layout {
    pub(crate) size: u64,
    pub(crate) align: u64,
    pub(crate) flat: u64,
}

/// Layouts of types, each computed once.
#[derive(Debug, Default)]
pub(crate) struct Layouts {
    cache: FxHashMap<ComponentDefinedTypeId, Layout>,
}

impl Layouts {
    /// What a lowered function writes behind its last parameter; `None` if it returns its result as a core value or has none.
    pub(super) fn result(
        &mut self,
        types: TypesRef<'_>,
        func: ComponentFuncTypeId,
        is_async: bool,
    ) -> Option<ResultArea> {
        let result = self.value(types, types[func].result?, 0);
        let most = if is_async { MOST_FLAT_ASYNC_PARAMS } else { MOST_FLAT_PARAMS };
        let params = self.params(types, func);
        let param = if params > most { 1 } else { params as u32 };
        let bytes = u32::try_from(result.size).unwrap_or(u32::MAX);
        (is_async || result.flat > MOST_FLAT_RESULTS).then_some(ResultArea { param, bytes })
    }

    /// Whether the parameters of a function pass through memory (`MAX_FLAT_PARAMS`).
    pub(super) fn spills(&mut self, types: TypesRef<'_>, func: ComponentFuncTypeId) -> bool {
        self.params(types, func) > MOST_FLAT_PARAMS
    }

    /// The number of core values of a function's parameters.
    fn params(&mut self, types: TypesRef<'_>, func: ComponentFuncTypeId) -> u64 {
        let flat = types[func].params.iter().map(|(_, ty)| self.value(types, *ty, 0).flat);
        flat.fold(0, u64::saturating_add)
    }

    /// The layout of a value.
    pub(crate) fn of(&mut self, types: TypesRef<'_>, ty: ComponentValType) -> Layout {
        self.value(types, ty, 0)
    }

    fn value(&mut self, types: TypesRef<'_>, ty: ComponentValType, depth: u32) -> Layout {
        match ty {
            ComponentValType::Primitive(ty) => primitive(ty),
            // Longer than any memory, so that nothing behind it counts as kept.
            ComponentValType::Type(_) if depth > DEEPEST => {
                Layout { size: u64::MAX, align: 1, flat: u64::MAX }
            }
            ComponentValType::Type(id) => {
                if let Some(layout) = self.cache.get(&id) {
                    return *layout;
                }
                let layout = self.defined(types, id, depth + 1);
                self.cache.insert(id, layout);
                layout
            }
        }
    }

    fn defined(&mut self, types: TypesRef<'_>, id: ComponentDefinedTypeId, depth: u32) -> Layout {
        let mut some = |ty: ComponentValType| self.value(types, ty, depth);
        match &types[id] {
            D::Primitive(ty) => primitive(*ty),
            D::Record(record) => sequence(record.fields.values().map(|ty| some(*ty))),
            D::Tuple(tuple) => sequence(tuple.types.iter().map(|ty| some(*ty))),
            D::Variant(variant) => {
                let cases = variant.cases.values();
                choice(cases.len(), cases.filter_map(|case| case.ty.map(&mut some)))
            }
            D::Option { ty, .. } => choice(2, [some(*ty)].into_iter()),
            D::Result { ok, err, .. } => {
                choice(2, [ok, err].into_iter().filter_map(|ty| ty.map(&mut some)))
            }
            D::Enum(cases) => choice(cases.len(), std::iter::empty()),
            D::Flags(names) => match names.len() {
                0..=8 => scalar(1),
                9..=16 => scalar(2),
                count => {
                    let words = count.div_ceil(32) as u64;
                    Layout { size: words * 4, align: 4, flat: words }
                }
            },
            D::FixedLengthList { element, length, .. } => {
                let element = some(*element);
                let count = u64::from(*length);
                let size = element.size.saturating_mul(count);
                Layout { size, align: element.align, flat: element.flat.saturating_mul(count) }
            }
            D::List { .. } | D::Map { .. } => Layout { size: 8, align: 4, flat: 2 },
            D::Own(_) | D::Borrow(_) | D::Future { .. } | D::Stream { .. } => scalar(4),
        }
    }
}

fn scalar(bytes: u64) -> Layout {
    Layout { size: bytes, align: bytes, flat: 1 }
}

fn primitive(ty: P) -> Layout {
    match ty {
        P::Bool | P::S8 | P::U8 => scalar(1),
        P::S16 | P::U16 => scalar(2),
        P::S32 | P::U32 | P::F32 | P::Char | P::ErrorContext => scalar(4),
        P::S64 | P::U64 | P::F64 => scalar(8),
        P::String => Layout { size: 8, align: 4, flat: 2 },
    }
}

/// The next multiple of an alignment.
pub(crate) fn aligned(at: u64, align: u64) -> u64 {
    at.checked_next_multiple_of(align.max(1)).unwrap_or(u64::MAX)
}

fn sequence(fields: impl Iterator<Item = Layout>) -> Layout {
    let mut all = Layout { size: 0, align: 1, flat: 0 };
    for field in fields {
        all.size = aligned(all.size, field.align).saturating_add(field.size);
        all.align = all.align.max(field.align);
        all.flat = all.flat.saturating_add(field.flat);
    }
    Layout { size: aligned(all.size, all.align), ..all }
}

/// Length in bytes of the number of one of so many cases.
pub(crate) fn discriminant(count: usize) -> u64 {
    match count {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

fn choice(count: usize, payloads: impl Iterator<Item = Layout>) -> Layout {
    let discriminant = discriminant(count);
    let mut payload = Layout { size: 0, align: 1, flat: 0 };
    for case in payloads {
        payload.size = payload.size.max(case.size);
        payload.align = payload.align.max(case.align);
        payload.flat = payload.flat.max(case.flat);
    }
    let align = payload.align.max(discriminant);
    let size = aligned(discriminant, payload.align).saturating_add(payload.size);
    Layout { size: aligned(size, align), align, flat: payload.flat.saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use crate::component::Component;
    use crate::component::canonical::{CanonicalFunction, ResultArea};
    use crate::component::definition::Item;

    /// Where a lowered function with a result of this type writes it.
    fn lowered(ty: &str, params: &str, how: &str) -> Option<ResultArea> {
        let component = Component::of_text(&format!(
            r#"(component
                (type $t {ty})
                (import "t" (type $u (eq $t)))
                (import "f" (func $f {how} {params} (result $u)))
                (core module $m (memory (export "m") 1)
                  (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable))
                (core instance $i (instantiate $m))
                (core func (canon lower (func $f) {how}
                  (memory (core memory $i "m")) (realloc (core func $i "r")))))"#
        ));
        let mut items = component.root().items.iter();
        let lower = items.find_map(|item| match item {
            Item::Canonical(CanonicalFunction::Lower(lower)) => Some(lower.result),
            _ => None,
        });
        lower.unwrap()
    }

    #[test]
    fn results_have_the_length_that_the_canonical_abi_says() {
        for (ty, bytes) in [
            ("u32", None),
            ("string", Some(8)),
            ("(tuple u8 u64)", Some(16)),
            ("(option u8)", Some(2)),
            ("(result (error u64))", Some(16)),
            ("(result)", None),
            ("(list string)", Some(8)),
            ("(flags \"a\" \"b\")", None),
            ("(variant (case \"a\" (tuple u32 u8)) (case \"b\"))", Some(12)),
        ] {
            assert_eq!(lowered(ty, "", "").map(|it| it.bytes), bytes, "{ty}");
        }
    }

    #[test]
    fn results_go_behind_the_last_parameter() {
        let params = |count: usize| {
            (0..count).map(|number| format!("(param \"p{number}\" u32) ")).collect::<String>()
        };
        for (params, how, param) in [
            (params(0), "", 0),
            ("(param \"name\" string) ".to_owned(), "", 2),
            (params(16), "", 16),
            (params(17), "", 1),
            (params(4), "async", 4),
            (params(5), "async", 1),
        ] {
            let result = lowered("string", &params, how);
            assert_eq!(result.map(|it| it.param), Some(param), "{params}{how}");
        }
    }
}
